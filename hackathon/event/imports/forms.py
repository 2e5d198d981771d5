from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hackathon.base.core.formats import size_text
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports.columns import Column
from hackathon.event.imports.enums import FILE_KINDS, ColumnReason, Field, ImportKind
from hackathon.event.imports.models import Import
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.reading import BYTES_MAX, Document, Table, Unreadable, open_document

QUESTIONS_MAX = 100


class DepartmentField(forms.ModelChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Département des lignes qui n’en donnent pas"),
            queryset=Department.objects.none(),
            required=False,
            empty_label=_("Aucun : le tableau le dit"),
        )


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Que contient la liste ?"),
        choices=[(kind.value, kind.label) for kind in FILE_KINDS],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=_("Fichier CSV, XLSX ou ODS"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods"}),
    )
    pasted = forms.CharField(
        label=_("Ou des cellules collées"),
        required=False,
        strip=False,
        max_length=BYTES_MAX,
        help_text=_("Copiées d’un tableur, avec la ligne des titres."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    department = DepartmentField()

    document: Document

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        edition: Edition,
        kind: str = "",
        department: str = "",
    ) -> None:
        initial = {"kind": kind or ImportKind.STUDENTS, "department": department}
        super().__init__(data, files, initial=initial)
        self.fields["department"].queryset = edition.departments.all()  # type: ignore[attr-defined]
        for name in ("file", "pasted"):  # one of them
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        file, pasted = self.cleaned_data.get("file"), self.cleaned_data.get("pasted", "")
        if file is None and not pasted.strip():
            self.add_error("file", _("Choisissez un fichier, ou collez des cellules."))
        elif file is not None and file.size > BYTES_MAX:
            text = _("Ce fichier est trop grand : {max} au plus.")
            self.add_error("file", text.format(max=size_text(BYTES_MAX)))
        else:
            content = pasted.encode() if file is None else file.read()
            try:
                self.document = open_document(content)
                self.document.table()
            except Unreadable as error:
                self.add_error("pasted" if file is None else "file", str(error))
        return self.cleaned_data


class PreviewForm(forms.Form):
    """The fields that the organizer chose for columns, and the answers to the questions."""

    department = DepartmentField()
    fingerprint = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, plan: Plan, table: Table, draft: Import, edition: Edition
    ) -> None:
        super().__init__(data, initial={"department": draft.options.get("department")})
        self.draft = draft
        self.fields["department"].queryset = edition.departments.all()  # type: ignore[attr-defined]
        self.fields["fingerprint"].initial = plan.fingerprint()
        if len(table.sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Feuille"), choices=[(s, s) for s in table.sheets], initial=table.sheet
            )
        self.wrong = {str(p.row): f"{p.column} : {p.refusal}" for p in plan.problems}
        self.lost = len({one.key for one in plan.lost})
        if self.lost:
            text = ngettext(
                "Importer sans cette personne", "Importer sans ces {n} personnes", self.lost
            )
            label = text.format(n=self.lost)
            self.fields["without"] = forms.BooleanField(label=label, required=False)
        if plan.moved:
            self.fields["may_move"] = forms.BooleanField(
                label=_("Ce changement de département est voulu"),
                required=False,
                initial=draft.options.get("may_move", False),
            )
        self.columns: dict[str, Column] = {}
        for column in plan.reading.columns.all:
            if column.title:
                name = f"column_{column.index}"
                self.columns[name] = column
                if column.reason is ColumnReason.SENSITIVE:
                    continue  # its cells were not kept
                self.fields[name] = forms.ChoiceField(
                    label=column.key,
                    choices=Field.choices,
                    initial=(column.field or Field.IGNORED).value,
                )
        self.questions_cut = max(len(plan.questions) - QUESTIONS_MAX, 0)
        self.questions = {
            f"question_{number}": question
            for number, question in enumerate(plan.questions[:QUESTIONS_MAX])
        }
        for name, question in self.questions.items():
            row = _("ligne {row}").format(row=question.row)
            self.fields[name] = forms.ChoiceField(
                label=" · ".join(filter(None, (question.name, question.said, row))),
                choices=[("", _("Une autre personne")), *question.others],
                initial=draft.options.get("answers", {}).get(question.key, ""),
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]

    def clean_without(self) -> bool:
        if "apply" in self.data and not self.cleaned_data["without"]:
            text = _("Cochez pour importer le reste, ou dites ce que contient chaque colonne.")
            raise forms.ValidationError(text)
        return bool(self.cleaned_data["without"])

    @property
    def options(self) -> dict[str, Any]:
        """As `Import.options` keeps them: only what was chosen by hand. Rows that were set aside
        are read again, and departments asked about, if the columns mean something else.
        """
        cleaned = self.cleaned_data
        stored = self.draft.options
        chosen = {
            column.key: cleaned[name]
            for name, column in self.columns.items()
            if name in cleaned and cleaned[name] != self.fields[name].initial
        }
        answers = {q.key: cleaned[name] for name, q in self.questions.items()}
        department: Department | None = cleaned["department"]
        reading = {
            "sheet": cleaned.get("sheet", ""),
            "department": department and department.pk,
            "mapping": {**stored.get("mapping", {}), **chosen},
        }
        before = {
            "sheet": stored.get("sheet", reading["sheet"]),
            "department": stored.get("department"),
            "mapping": stored.get("mapping", {}),
        }
        is_same = before == reading and "take_back" not in self.data
        aside = stored.get("aside", {}) if is_same else {}
        if is_same and "set_aside" in self.data:
            aside = {**aside, **self.wrong}
        return {
            **reading,
            "answers": {**stored.get("answers", {}), **answers},
            "aside": aside,
            "may_move": before == reading and cleaned.get("may_move", False),
        }


class CompletionForm(forms.Form):
    """In the address of the page. The cleaned options are those of `services.Completion`."""

    department = forms.ModelChoiceField(
        label=_("Département"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("Tous"),
    )
    size = forms.IntegerField(label=_("Membres par nouvelle équipe"), min_value=1)
    seed = forms.IntegerField(
        label=_("Tirage"),
        min_value=1,
        max_value=999_999,
        help_text=_("Le même numéro redonne les mêmes équipes."),
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        self.defaults = {"size": edition.team_size_max, "seed": 1}
        super().__init__({**self.defaults, **(data.dict() if data else {})})
        size: Any = self.fields["size"]
        size.max_value = edition.team_size_max
        size.validators = [
            MinValueValidator(max(edition.team_size_min, 1)),
            MaxValueValidator(edition.team_size_max),
        ]
        self.fields["department"].queryset = edition.departments.all()  # type: ignore[attr-defined]
