import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.formats import visible
from hackathon.base.core.forms import AddressField
from hackathon.event.editions.models import Department, Edition
from teams.enums import HelpKind, StudentFilter, TeamFilter, TeamOrder
from teams.errors import HelpRefusal, TeamRefusal
from teams.forms.students import (
    RegisterForm,
    TeamForm,
)
from teams.models import (
    Team,
)
from teams.selectors.listing import Wanted


class RoomForm(TeamForm):
    team_fields = ("room", "floor")

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, team=team, auto_id=f"room_{team.pk}_%s")
        self.fields["floor"].help_text = ""


class EnterForm(RegisterForm):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        **RegisterForm.REFUSAL_FIELDS,
        TeamRefusal.ALREADY_IN_TEAM: "captain_email",
        AccountRefusal.INACTIVE: "captain_email",
    }
    captain_email = AddressField(
        label=_("Adresse e-mail du ou de la capitaine"),
        required=False,
        help_text=_(
            "Il n’est pas nécessaire d’avoir déjà un compte. "
            "Sans capitaine, la première personne qui rejoint l’équipe le devient."
        ),
    )
    field_order = ["department", "name", "captain_email"]


class FilterForm(forms.Form):
    """Of the list of teams, in its address. What is not valid is ignored."""

    q = forms.CharField(
        label=_("Nom, salle, code ou membre"),
        max_length=80,
        required=False,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    department = forms.ChoiceField(label=_("Département"), required=False)
    floor = forms.IntegerField(label=_("Étage"), required=False, widget=forms.Select)
    which = forms.ChoiceField(label=_("Lesquelles"), choices=TeamFilter.choices, required=False)
    order = forms.ChoiceField(label=_("Ordre"), choices=TeamOrder.choices, required=False)
    team = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, edition: Edition) -> None:
        super().__init__(data, auto_id="filter_%s")
        codes = edition.departments.values_list("code", "name")
        cast(forms.ChoiceField, self.fields["department"]).choices = [("", _("Tous")), *codes]
        self.is_valid()

    @property
    def chosen(self) -> list[forms.BoundField]:
        """Those beside the text."""
        return [self[name] for name in ("department", "floor", "which", "order")]

    def offer_floors(self, floors: Iterable[int]) -> None:
        widget = cast(forms.Select, self.fields["floor"].widget)
        widget.choices = [("", _("Tous")), *((n, n or _("RDC")) for n in floors)]

    @property
    def wanted(self) -> Wanted:
        values = self.cleaned_data
        return Wanted(
            text=values.get("q", ""),
            department=values.get("department", ""),
            floor=values.get("floor"),
            which=TeamFilter(values.get("which") or TeamFilter.ALL),
            order=TeamOrder(values.get("order") or TeamOrder.DEPARTMENT),
        )

    @property
    def shown_team(self) -> int | None:
        """The list opens at the page with this team."""
        return self.cleaned_data.get("team")

    def query(self, page: int | str = "") -> str:
        """What is looked for, and the page."""
        wanted = self.wanted
        parameters = {
            "q": wanted.text,
            "department": wanted.department,
            "floor": "" if wanted.floor is None else wanted.floor,
            "which": "" if wanted.which == TeamFilter.ALL else wanted.which,
            "order": "" if wanted.order == TeamOrder.DEPARTMENT else wanted.order,
            "page": page,
        }
        return urlencode({name: value for name, value in parameters.items() if value != ""})


class AddMemberForm(forms.Form):
    """`cleaned_data["email"]` is a list of addresses."""

    email = forms.CharField(
        label=_("Ajouter par adresse e-mail"),
        help_text=_("Une ou plusieurs. Il n’est pas nécessaire d’avoir déjà un compte."),
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, auto_id=f"add_{team.pk}_%s")

    def clean_email(self) -> list[str]:
        emails = [
            visible(part)
            for part in re.split(r"[\s;,<>]+", self.cleaned_data["email"].lower())
            if part
        ]
        for email in emails:
            try:
                validate_email(email)
            except forms.ValidationError:
                text = _("« {email} » n’est pas une adresse e-mail.")
                raise forms.ValidationError(text.format(email=email)) from None
        return emails


class DutyForm(forms.Form):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        AccountRefusal.INACTIVE: "email",
        HelpRefusal.IN_TEAM: "email",
    }
    email = AddressField(
        label=_("Adresse e-mail"),
        help_text=_("Il n’est pas nécessaire d’avoir déjà un compte."),
    )
    kind = forms.ChoiceField(
        label=_("Répond comme"), choices=HelpKind.choices, widget=forms.RadioSelect
    )
    department = forms.ModelChoiceField(
        label=_("Pour quelles équipes"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("La technique vaut toujours pour toutes."),
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data)
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.queryset = edition.departments.all()
        department.empty_label = _("Toutes les équipes")


class StudentFilterForm(forms.Form):
    which = forms.ChoiceField(label=_("Qui"), choices=StudentFilter.choices, required=False)
    department = forms.ModelChoiceField(
        label=_("Département"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("Tous les départements"),
    )

    def __init__(self, data: Any, *, edition: Edition) -> None:
        super().__init__(data)
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.queryset = edition.departments.all()

    @cached_property
    def chosen(self) -> tuple[StudentFilter, Department | None]:
        """A filter that does not exist is none."""
        self.full_clean()
        which = self.cleaned_data.get("which") or StudentFilter.ALL
        return StudentFilter(which), self.cleaned_data.get("department")

    @property
    def query(self) -> str:
        which, department = self.chosen
        return urlencode({"which": which, "department": department.pk if department else ""})
