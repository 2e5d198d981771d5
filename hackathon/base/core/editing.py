"""Forms that edit what is stored: two people who edit the same lose nothing."""

import json
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from hackathon.base.core.formats import day_time, iso_utc

OPENED = "opened"


class EditingForm(forms.Form):
    """`initial` is what is stored now. What was stored when the page was opened travels with it.

    What somebody else has changed meanwhile stays, if this person has not changed it. If both have,
    the form is refused once and shows both; sent again, it is saved.
    """

    opened = forms.JSONField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, instance: Model | None = None, **kwargs: Any) -> None:
        """`instance`: in place of `initial`, its values for the fields of the same names. Files are
        not shown in a form.
        """
        if instance is not None:
            kwargs["initial"] = {
                name: getattr(instance, name)
                for name, field in self.base_fields.items()
                if hasattr(instance, name) and not isinstance(field, forms.FileField)
            }
        super().__init__(*args, **kwargs)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == OPENED:
            return {name: _plain(value) for name, value in self._stored().items()}
        return super().get_initial_for_field(field, field_name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opened = cleaned.pop(OPENED, None)
        if isinstance(opened, dict):
            self._compare(cleaned, opened)
        return cleaned

    def _compare(self, cleaned: dict[str, Any], opened: dict[str, Any]) -> None:
        both = False
        for name, stored in self._stored().items():
            is_stored = opened.get(name, _plain(stored)) == _plain(stored)
            if is_stored or name not in cleaned or _plain(cleaned[name]) == _plain(stored):
                continue
            if _plain(cleaned[name]) == opened[name]:
                cleaned[name] = stored
            else:
                both = True
                self.add_error(name, self._difference(name, stored))
        if both:
            data = cast(QueryDict, self.data).copy()
            data[self.add_prefix(OPENED)] = json.dumps(self[OPENED].initial)
            self.data = data

    def _stored(self) -> dict[str, Any]:
        return {name: value for name, value in self.initial.items() if name in self.fields}

    def _difference(self, name: str, stored: Any) -> str:
        text = _(
            "Quelqu’un d’autre a enregistré ceci entre-temps : « {stored} ». Ce que vous avez écrit"
            " est encore ici : enregistrez de nouveau pour le mettre à la place."
        )
        return text.format(stored=self._shown(name, stored))

    def _shown(self, name: str, stored: Any) -> str:
        if isinstance(stored, datetime):
            return day_time(stored)
        if isinstance(stored, bool):
            return _("oui") if stored else _("non")
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(stored, "—" if stored in (None, "") else stored))


def _plain(value: Any) -> str | bool | None:
    """What is stored, what was stored and what was typed can be compared so."""
    if isinstance(value, datetime):
        return iso_utc(value.replace(microsecond=0))
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, (list, tuple)):
        return " ".join(sorted(map(str, value)))
    if value is None or isinstance(value, bool):
        return value
    # Browsers send lines with CRLF, and fields are stripped.
    return str(value).replace("\r\n", "\n").strip()
