"""Stored rows edited as a table: `components/edit_table.html`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import SuspiciousOperation

SALT = "core.tables"


class MultilineField(forms.CharField):
    """Browsers send line breaks as CRLF, which is no change."""

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").replace("\r\n", "\n")


@dataclass(frozen=True)
class Row:
    """A changed row. `pk`: None for a new one; `values`: None for one that is deleted.

    `changed` has the names of the values that differ from what the page showed: a row that is
    stored takes only these, so that a change by somebody else in between stays.
    """

    form: forms.BaseForm
    pk: int | None
    values: dict[str, Any] | None
    changed: frozenset[str] = frozenset()

    def values_for(self, stored: object | None) -> dict[str, Any]:
        """`stored`: None also if somebody has deleted it in between; then all values count."""
        values = self.values or {}
        if stored is None:
            return values
        return {name: value for name, value in values.items() if name in self.changed}


class RowsFormSet(forms.BaseFormSet):
    """`stored`: by primary key, values of each row that JSON can hold; `new`: of a new row."""

    seen_name = "seen"

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        prefix: str,
        stored: Mapping[int, dict[str, Any]],
        new: Mapping[str, Any],
    ) -> None:
        self.stored, self.new = stored, new
        super().__init__(data, files, prefix=prefix, initial=[{"pk": pk} for pk in stored])

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        is_stored = index is not None and index < self.initial_form_count()
        return {"initial": self._initial(index) if is_stored and index is not None else self.new}

    def _initial(self, i: int) -> dict[str, Any]:
        """What the page showed, which may differ from what is stored now."""
        if self.is_bound:
            text = self.data.get(f"{self.prefix}-{i}-{self.seen_name}", "")
        else:
            pk, values = list(self.stored.items())[i]
            text = signing.dumps({"pk": pk, "values": values}, salt=SALT, compress=True)
        try:
            seen = signing.loads(text, salt=SALT)
        except signing.BadSignature as error:
            raise SuspiciousOperation from error
        fields = self.form.base_fields
        values = {name: fields[name].to_python(value) for name, value in seen["values"].items()}
        return {**values, "pk": seen["pk"], self.seen_name: text}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            field.help_text = ""  # a table has no place for it
            field.widget.attrs.pop("maxlength", None)  # browsers cut what is longer
        form.fields[self.seen_name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def rows(self) -> list[Row]:
        """Only those that were changed, of a valid formset."""
        changed = []
        for form in self.forms:
            pk = form.initial.get("pk")
            if self.can_delete and form in self.deleted_forms:
                changed.append(Row(form, pk, None))
            elif form.has_changed():
                changed.append(Row(form, pk, form.row_values, frozenset(form.row_changed)))
        return changed


def rows_formset(form: type[forms.BaseForm], *, spare: int, can_delete: bool = True) -> Any:
    """A class of formsets with `spare` empty rows."""
    return forms.formset_factory(
        form, formset=RowsFormSet, extra=spare, can_delete=can_delete, can_delete_extra=False
    )


class RowForm:
    """For a form of such a table; before `Form` or `ModelForm` in the bases."""

    base_fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    changed_data: list[str]

    @property
    def row_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.base_fields}

    @property
    def row_changed(self) -> set[str]:
        return set(self.changed_data)
