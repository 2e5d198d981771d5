from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.forms import InstantField, model_fields
from hackathon.base.core.tables import RowForm
from hackathon.extras.presence.enums import PersonFilter
from hackathon.extras.presence.models import Moment, PresenceSettings

SPARE_ROWS = 2


class SettingsForm(EditingForm):
    locals().update(model_fields(PresenceSettings, ("confirms", "helpers_tick")))


class MomentRow(RowForm, forms.Form):
    locals().update(model_fields(Moment, ("name",)))
    at = InstantField(label=_("Heure"))


class AbsencesForm(forms.Form):
    """Memberships, as the page showed them. `absent`: to be noted, or to be taken back."""

    absent = forms.BooleanField(required=False)
    members = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any, *, members: list[int]) -> None:
        super().__init__(data)
        self.fields["members"].choices = [(pk, "") for pk in members]  # type: ignore[attr-defined]


class PersonFilterForm(forms.Form):
    """In the address of the page. What is not valid is ignored."""

    q = forms.CharField(
        label=_("Nom, numéro, équipe ou salle"),
        max_length=80,
        required=False,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    which = forms.ChoiceField(label=_("Qui"), choices=PersonFilter.choices, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="people_%s")
        self.is_valid()

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def wanted(self) -> PersonFilter:
        return PersonFilter(self.cleaned_data.get("which", ""))

    @property
    def query(self) -> str:
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})
