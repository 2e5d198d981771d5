from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.forms import AddressField
from hackathon.event.editions.models import Department, Edition
from hackathon.event.people.enums import GivenRole, Role


class PeopleFilterForm(forms.Form):
    """In the address of the page. What is not valid is ignored."""

    q = forms.CharField(
        label=_("Nom, adresse ou équipe"),
        max_length=80,
        required=False,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Rôle"), required=False, choices=[("", _("Tous")), *Role.choices]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="people_%s")
        self.is_valid()

    @property
    def wanted(self) -> dict[str, str]:
        values = self.cleaned_data
        return {"text": values.get("q", "").strip(), "role": values.get("role", "")}


class DeskForm(forms.Form):
    """In the address of the page."""

    q = forms.CharField(
        label=_("Nom, salle, équipe ou adresse"),
        max_length=80,
        required=False,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )


class InviteForm(forms.Form):
    email = AddressField(label=_("Adresse e-mail"))
    role = forms.ChoiceField(label=_("Rôle"), choices=GivenRole.choices, widget=forms.RadioSelect)
    department = forms.ModelChoiceField(
        label=_("Pour quelles équipes"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("Ne vaut que pour qui répond aux appels des équipes."),
    )
    creates = forms.BooleanField(
        label=_("L’adresse est juste : inviter cette personne"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any = None, *, edition: Edition, email: str = "") -> None:
        super().__init__(data, initial={"email": email, "role": GivenRole.ORGANIZER})
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.queryset = edition.departments.all()
        department.empty_label = _("Toutes les équipes")

    def arguments(self) -> dict[str, Any]:
        return {**self.cleaned_data, "role": GivenRole(self.cleaned_data["role"])}

    def ask_to_confirm(self) -> None:
        """Show the box that confirms the address of somebody without an account."""
        self.fields["creates"].widget = forms.CheckboxInput()
