from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.core.errors import RefusalCode
from judging.errors import JudgingRefusal
from judging.models import Criterion, Juror, PassageCriterion, ScoreSheet
from judging.scoring.changes import Change
from judging.scoring.pages import MarkLine, SheetPage


@dataclass(frozen=True)
class MarkButton:
    value: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class MarkRow:
    """`remarks`: rendered. `team`: its id, on a page with the marks of several."""

    criterion: Criterion | PassageCriterion
    text: str
    saved: str
    error: str
    outdated: bool = False
    remarks: list[str] = field(default_factory=list)
    team: int | None = None

    @property
    def name(self) -> str:
        return f"mark-{self.criterion.pk}"

    @property
    def key(self) -> str:
        """Unique on the page."""
        return f"{self.team}-{self.criterion.pk}" if self.team else str(self.criterion.pk)

    @property
    def buttons(self) -> list[MarkButton]:
        scale = self.criterion.mark_scale
        return [
            MarkButton(scale.write(value), scale.show(value), scale.show(value) == self.text)
            for value in scale.anchors()
        ]


class SheetForm(forms.Form):
    """Fields that are missing, or equal to what the page showed (`seen-…`), are not written."""

    comment = forms.CharField(
        required=False,
        strip=True,
        max_length=ScoreSheet._meta.get_field("comment").max_length,
        label=gettext_lazy("Commentaire pour l’équipe"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notes = forms.CharField(
        required=False,
        strip=True,
        max_length=ScoreSheet._meta.get_field("notes").max_length,
        label=gettext_lazy("Notes personnelles"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    deposits = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, page: SheetPage, data: QueryDict | None = None) -> None:
        texts = {"comment": page.comment, "notes": page.notes}
        super().__init__(data, initial={**texts, "version": page.version, "deposits": page.seen})
        self.page = page
        self.marks: dict[Criterion, Decimal | None] = {}
        self.remarks: list[Change] = []
        self._mark_errors: dict[int, str] = {}

    @property
    def action(self) -> str:
        """`save`, `finish`, `reopen` or `next`."""
        return str(self.data.get("do", "save"))

    @property
    def changed_comment(self) -> str | None:
        return self._changed_text("comment")

    @property
    def changed_notes(self) -> str | None:
        return self._changed_text("notes")

    @property
    def base(self) -> int | None:
        return self.cleaned_data["version"]

    @property
    def seen(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["deposits"].split(",") if pk.isdecimal()]

    def clean_comment(self) -> str:
        return str(self.cleaned_data["comment"]).replace("\r\n", "\n")

    def clean_notes(self) -> str:
        return str(self.cleaned_data["notes"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        for line in self.page.lines:
            self._read_mark(line)
            for kind in (kind for remark in line.remarks for kind in remark.values):
                name = f"{kind}-{line.criterion.pk}"
                if name in self.data and self.data[name] != self.data.get(f"seen-{name}"):
                    value = self.data[name].replace("\r\n", "\n")
                    self.remarks.append(Change(kind, value, line.criterion))
        if self._mark_errors:
            self.add_error(None, _("Une note n’est pas un nombre."))
        return self.cleaned_data

    def _read_mark(self, line: MarkLine) -> None:
        text = self._sent(line)
        if text is None:
            return
        try:
            self.marks[line.criterion] = line.criterion.mark_scale.parse(text)
        except ValueError:
            self._mark_errors[line.criterion.pk] = _("Écrivez un nombre, par exemple 14,5.")

    @property
    def rows(self) -> list[MarkRow]:
        rows = []
        for line in self.page.lines:
            saved = line.criterion.mark_scale.show(line.value)
            sent = self._sent(line) if self.is_bound else None
            error = self._mark_errors.get(line.criterion.pk, "")
            text = saved if sent is None else sent
            is_open = self.page.may_remark
            remarks = [remark.render(self.data, is_open=is_open) for remark in line.remarks]
            rows.append(MarkRow(line.criterion, text, saved, error, line.outdated, remarks))
        return rows

    def _changed_text(self, name: str) -> str | None:
        seen = self.data.get(f"seen-{name}", None)
        if name not in self.data or (seen is not None and seen == self.data[name]):
            return None
        return str(self.cleaned_data[name])

    def _sent(self, line: MarkLine) -> str | None:
        return sent_mark(self.data, line.criterion.pk)


def sent_mark(data: Mapping[str, Any], pk: int) -> str | None:
    """None if it was not changed. A button sends `set=PK=VALUE`, which counts before the text;
    `seen-PK` is what the page showed.
    """
    chosen, _equals, value = data.get("set", "").partition("=")
    if chosen == str(pk):
        return str(value)
    text = data.get(f"mark-{pk}")
    return None if text is None or text == data.get(f"seen-{pk}") else str(text)


class BadgeForm(forms.Form):
    token = forms.CharField(required=False)


class PinForm(forms.Form):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        JudgingRefusal.PIN_WRONG: "pin",
        JudgingRefusal.PIN_BLOCKED: "pin",
    }

    juror = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    pin = forms.CharField(
        max_length=12,
        label=gettext_lazy("Code à 6 chiffres"),
        error_messages={"required": gettext_lazy("Tapez le code écrit sur votre badge.")},
    )

    def __init__(self, seats: Iterable[Juror], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.seats = {seat.pk: seat for seat in seats}
        choices = [(pk, seat.user.display_name) for pk, seat in self.seats.items()]
        field = self.fields["juror"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices
        field.error_messages = {
            "required": _("Touchez votre nom."),
            "invalid_choice": _("Cette personne n’est pas, ou plus, de ce jury."),
        }

    @property
    def seat(self) -> Juror:
        return self.seats[self.cleaned_data["juror"]]

    def clean_pin(self) -> str:
        # Some type 123 456.
        return "".join(str(self.cleaned_data["pin"]).split())
