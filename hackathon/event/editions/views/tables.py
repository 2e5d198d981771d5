from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.core import clock
from hackathon.base.core.csv_files import Cell
from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.tables import RowsFormSet, rows_formset
from hackathon.base.core.views import Request, posted_with_files, refusal_of
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.moves import Move, to_confirm
from hackathon.event.editions.services.tables import Change, Copied, Copies, Outcome

type Stored = Mapping[int, Mapping[int, dict[str, Any]]]


def stored_rows(names: Collection[str], rows: Mapping[int, Iterable[Any]]) -> Stored:
    """`names` of the fields of the form, and of the attributes of `rows`, by department."""
    return {
        pk: {row.pk: {name: getattr(row, name) for name in names} for row in of_department}
        for pk, of_department in rows.items()
    }


@dataclass(frozen=True)
class DepartmentTable:
    """`name`: the URL name of the table; `page`: the address of the page of one department.

    `stored`: rows by department; `new`: values of a new row; `cells`: where a refusal stands;
    `closed`: departments in which nothing may change; `rows`: how many a department usually has;
    `single`: exactly one, which is not deleted; `preview`: what is to be confirmed before.
    """

    name: str
    title: Any
    intro: Any
    form: type[forms.BaseForm]
    stored: Callable[[Edition], Stored]
    save: Callable[..., Outcome]
    page: Callable[[Department], str]
    new: Callable[[Edition], dict[str, Any]] = lambda edition: {}
    cells: Mapping[RefusalCode, str] = field(default_factory=dict)
    closed: Callable[[Edition], set[int]] = lambda edition: set()
    closed_text: Any = ""
    rows: int = 5
    single: bool = False
    preview: Callable[..., Move | None] = lambda edition, changes, copies, *, at: None


@dataclass(frozen=True)
class Section:
    department: Department
    formset: RowsFormSet | None
    page: str


class CopyForm(forms.Form):
    source = forms.TypedChoiceField(label=gettext_lazy("Copier de"), coerce=int)
    targets = forms.TypedMultipleChoiceField(
        label=gettext_lazy("vers"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choisissez au moins un département.")},
    )

    def __init__(self, departments: Sequence[Department], **kwargs: Any) -> None:
        super().__init__(prefix="copy", **kwargs)
        self.by_pk = {department.pk: department for department in departments}
        choices = [(department.pk, department.name) for department in departments]
        for one in self.fields.values():
            assert isinstance(one, forms.ChoiceField)
            one.choices = choices

    @property
    def copies(self) -> Copies:
        source = self.by_pk[self.cleaned_data["source"]]
        chosen = [self.by_pk[pk] for pk in self.cleaned_data["targets"]]
        return Copies(source, [department for department in chosen if department != source])


def department_table(request: Request, edition: Edition, table: DepartmentTable) -> HttpResponse:
    """Saves all departments at once; with `copy` in the body also copies between them."""
    departments = list(edition.departments.all())
    name = f"{table.title}-{edition.slug}"
    if file := exported(request, name, _columns(table), lambda: _lines(edition, table)):
        return file
    sections = _sections(edition, departments, table, *posted_with_files(request))
    wants_copy = "copy" in request.POST
    copy_form = _copy_form(departments, request.POST, is_bound=wants_copy)
    formsets = [(s.department, s.formset) for s in sections if s.formset and s.formset.is_bound]
    valid = [formset.is_valid() for _department, formset in formsets] if request.POST else [False]
    if all(valid) and (not wants_copy or copy_form.is_valid()):
        changes = [Change(d, row) for d, formset in formsets for row in formset.rows()]
        copies = copy_form.copies if wants_copy else None
        at = clock.now()
        move = table.preview(edition, changes, copies, at=at)
        if to_confirm(move, edition, request.POST.get("confirmed", ""), at=at):
            return _table_page(request, edition, table, sections, copy_form, move)
        outcomes: list[Outcome] = []
        refusal = refusal_of(
            lambda: outcomes.append(table.save(edition, changes, copies, by=request.user, at=at))
        )
        if not refusal and not outcomes[0].refused:
            _say(request, outcomes[0].copied)
            return redirect(table.name, edition.slug)
        if refusal and wants_copy:
            copy_form.add_error(None, refusal)
        elif refusal:
            messages.error(request, refusal)
        for index, refused in outcomes[0].refused.items() if outcomes else ():
            row = changes[index].row
            cell = "DELETE" if row.values is None else table.cells.get(refused.code)
            row.form.add_error(cell, str(refused))
    return _table_page(request, edition, table, sections, copy_form)


def _table_page(
    request: Request,
    edition: Edition,
    table: DepartmentTable,
    sections: list[Section],
    copy_form: CopyForm,
    move: Move | None = None,
) -> HttpResponse:
    context = {"managed": edition, "table": table, "move": move}
    context |= {"sections": sections, "copy_form": copy_form}
    context["table_errors"] = any(s.formset and s.formset.total_error_count() for s in sections)
    status = 422 if request.POST and move is None else 200
    return render(request, "editions/table.html", context, status=status)


type _Line = tuple[Department, dict[str, Any]]


def _columns(table: DepartmentTable) -> Columns:
    def column(name: str, field: forms.Field) -> tuple[str, Callable[[_Line], Cell]]:
        return str(field.label or ""), lambda line: _cell(field, line[1].get(name))

    fields = [
        column(name, field)
        for name, field in table.form().fields.items()
        if not isinstance(field, forms.FileField)
    ]
    return [(_("Département"), lambda line: line[0].code), *fields]


def _lines(edition: Edition, table: DepartmentTable) -> list[_Line]:
    stored = table.stored(edition)
    return [(d, row) for d in edition.departments.all() for row in stored.get(d.pk, {}).values()]


def _cell(field: forms.Field, value: Any) -> Cell:
    if isinstance(field, forms.BooleanField):
        return _("oui") if value else _("non")
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    if isinstance(value, list):
        return ", ".join(value)
    return cast(Cell, field.to_python(value))


def _sections(
    edition: Edition, departments: list[Department], table: DepartmentTable, data: Any, files: Any
) -> list[Section]:
    stored, closed, new = table.stored(edition), table.closed(edition), table.new(edition)
    sections = []
    for department in departments:
        rows, prefix = stored.get(department.pk, {}), f"d{department.pk}"
        # A department may be added or closed after the page was opened: what was typed is kept.
        is_sent = data is not None and f"{prefix}-TOTAL_FORMS" in data
        is_open = is_sent or department.pk not in closed
        spare = max(0 if table.single else 2, table.rows - len(rows))
        kind = rows_formset(table.form, spare=spare, can_delete=not table.single)
        values = {"prefix": prefix, "stored": rows, "new": new}
        formset = kind(*(data, files) if is_sent else (), **values) if is_open else None
        sections.append(Section(department, formset, table.page(department)))
    return sections


def _copy_form(departments: list[Department], post: QueryDict, *, is_bound: bool) -> CopyForm:
    """Not bound, it still shows what was chosen."""
    chosen = {"source": post.get("copy-source"), "targets": post.getlist("copy-targets")}
    return CopyForm(departments, data=post if is_bound else None, initial=chosen)


def _say(request: Request, copied: Sequence[Copied]) -> None:
    messages.success(request, _("C’est enregistré."))
    for one in copied:
        added = ", ".join(one.added) or _("rien")
        text = _("{department} : ajouté : {added}.").format(department=one.department, added=added)
        if one.kept:
            text += " " + _("Y était déjà, et reste comme avant : {kept}.").format(
                kept=", ".join(one.kept)
            )
        if one.over:
            text += " " + _("Heure limite déjà passée, donc pas copié : {over}.").format(
                over=", ".join(one.over)
            )
        messages.info(request, text)
