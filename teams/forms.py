import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from hackathon.accounts.models import User
from hackathon.accounts.selectors import find_by_email
from hackathon.core.errors import RefusalCode
from hackathon.core.forms import model_fields
from hackathon.editions.models import Department, Edition
from teams.enums import HelpKind, ReceiptMails, StudentFilter, TeamFilter, TeamOrder
from teams.errors import HelpRefusal, TeamRefusal
from teams.models import NOTE_LENGTH, PLACE_LENGTH, Membership, Team, TeamNote
from teams.selectors.listing import Wanted

CODE_ATTRS = {
    "class": "team-code-input",
    "autocapitalize": "characters",
    "autocomplete": "off",
    "spellcheck": "false",
    "maxlength": "20",
}


class TeamForm(forms.Form):
    team_fields: tuple[str, ...] = Team.EDITABLE
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        TeamRefusal.NAME_TAKEN: "name",
        TeamRefusal.ALREADY_IN_TEAM: "captain",
    }

    def __init__(self, data: Any = None, *, team: Team | None = None, **kwargs: Any) -> None:
        initial = {name: getattr(team, name) for name in self.team_fields} if team else {}
        super().__init__(data, initial=initial, **kwargs)
        self.fields.update(model_fields(Team, self.team_fields))
        self.order_fields(self.field_order)


class RoomForm(TeamForm):
    team_fields = ("room", "floor")

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, team=team, auto_id=f"room_{team.pk}_%s")
        self.fields["floor"].help_text = ""


class RegisterForm(TeamForm):
    team_fields = ("name", "room", "floor")
    department = forms.ModelChoiceField(
        label=_("Département"), queryset=Department.objects.none(), widget=forms.RadioSelect
    )
    field_order = ["department", "name"]

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data)
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.queryset = edition.departments.all()
        department.empty_label = None


class EnterForm(RegisterForm):
    captain = forms.EmailField(
        label=_("Adresse e-mail du ou de la capitaine"),
        required=False,
        help_text=_("Sans capitaine, la première personne qui rejoint l’équipe le devient."),
    )
    field_order = ["department", "name", "captain"]

    def clean_captain(self) -> User | None:
        email = self.cleaned_data["captain"]
        user = find_by_email(email) if email else None
        if email and user is None:
            raise forms.ValidationError(_("Personne n’a encore de compte à cette adresse."))
        return user


class EditForm(TeamForm):
    def __init__(self, data: Any = None, *, team: Team, name_is_fixed: bool) -> None:
        super().__init__(data, team=team)
        if name_is_fixed:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _(
                "Les inscriptions sont closes : demandez à l’organisation pour changer de nom."
            )


class JoinForm(forms.Form):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {TeamRefusal.CODE_UNKNOWN: "code"}
    code = forms.CharField(
        label=_("Code de l’équipe"),
        max_length=20,
        help_text=_("Six lettres et chiffres, à demander à un membre de l’équipe."),
        widget=forms.TextInput(attrs=CODE_ATTRS),
    )


class MemberField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.user.display_name)


class SuccessorForm(forms.Form):
    member = MemberField(
        label=_("Nouveau ou nouvelle capitaine"),
        queryset=Membership.objects.none(),
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data)
        member = cast(MemberField, self.fields["member"])
        member.queryset = team.memberships.filter(is_captain=False).select_related("user")
        member.empty_label = None


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
        found = self.cleaned_data
        return Wanted(
            text=found.get("q", ""),
            department=found.get("department", ""),
            floor=found.get("floor"),
            which=TeamFilter(found.get("which") or TeamFilter.ALL),
            order=TeamOrder(found.get("order") or TeamOrder.DEPARTMENT),
        )

    @property
    def shown_team(self) -> int | None:
        """The list opens at the page with this team."""
        return self.cleaned_data.get("team")

    def query(self, page: int | str = "") -> str:
        """What is looked for, and the page."""
        wanted = self.wanted
        given = {
            "q": wanted.text,
            "department": wanted.department,
            "floor": "" if wanted.floor is None else wanted.floor,
            "which": "" if wanted.which == TeamFilter.ALL else wanted.which,
            "order": "" if wanted.order == TeamOrder.DEPARTMENT else wanted.order,
            "page": page,
        }
        return urlencode({name: value for name, value in given.items() if value != ""})


class AddMemberForm(forms.Form):
    """`cleaned_data["email"]` is a list of addresses."""

    email = forms.CharField(
        label=_("Ajouter par adresse e-mail"),
        help_text=_("Une ou plusieurs, même de qui n’a pas encore de compte."),
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, auto_id=f"add_{team.pk}_%s")

    def clean_email(self) -> list[str]:
        found = [
            part for part in re.split(r"[\s;,<>]+", self.cleaned_data["email"].lower()) if part
        ]
        for email in found:
            try:
                validate_email(email)
            except forms.ValidationError:
                text = _("« {email} » n’est pas une adresse e-mail.")
                raise forms.ValidationError(text.format(email=email)) from None
        return found


class ReceiptMailsForm(forms.Form):
    receipt_mails = forms.ChoiceField(
        label=_("Quand un autre membre rend quelque chose"),
        choices=ReceiptMails.choices,
        widget=forms.RadioSelect,
        help_text=_("Vous recevez toujours le reçu de ce que vous envoyez vous-même."),
    )


class ConfirmForm(forms.Form):
    """A button to confirm. It has no fields, only the refusal of the service."""


class CallForm(forms.Form):
    """The buttons set `kind`; the place is required for a team without a room."""

    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {HelpRefusal.PLACE_MISSING: "place"}
    DRAFT = "call"  # the name of what the browser keeps until it is sent

    kind = forms.ChoiceField(choices=HelpKind.choices, widget=forms.HiddenInput)
    place = forms.CharField(label=_("Où êtes-vous ?"), max_length=PLACE_LENGTH, required=False)
    note = forms.CharField(
        label=_("À quel sujet ?"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("Facultatif, en quelques mots."),
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, auto_id="help_%s")
        for name in ("place", "note"):
            self.fields[name].widget.attrs["data-draft"] = f"{self.DRAFT}-{name}"
        self.fields["place"].required = not team.room
        self.fields["place"].error_messages["required"] = HelpRefusal.PLACE_MISSING.label
        self.fields["place"].help_text = (
            _("Facultatif : seulement si vous n’êtes pas dans votre salle.")
            if team.room
            else _("Votre équipe n’a pas encore de salle : « hall, rez-de-chaussée ».")
        )


class DutyForm(forms.Form):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        TeamRefusal.ACCOUNT_UNKNOWN: "email",
        HelpRefusal.IN_TEAM: "email",
    }
    email = forms.EmailField(label=_("Adresse e-mail"))
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


# ---------------------------------------------------------------- acts of organizers on a team


class RenameForm(TeamForm):
    team_fields = ("name", "project")

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, team=team)


class _MembersField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.display_name} · {obj.user.email}"


class _MembersForm(forms.Form):
    members = _MembersField(
        label=_("Qui"),
        queryset=Membership.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": TeamRefusal.NOBODY_CHOSEN.label},
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data)
        members = cast(forms.ModelMultipleChoiceField, self.fields["members"])
        members.queryset = team.memberships.select_related("user", "team")


class _OtherTeamField(forms.ModelChoiceField):
    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(Team.objects.none(), label=label, help_text=help_text)

    def offer(self, team: Team) -> None:
        others = Team.objects.filter(edition=team.edition_id).exclude(pk=team.pk)
        self.queryset = others.select_related("department", "edition").order_by("name")

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.department.code}"


class MoveForm(_MembersForm):
    to = _OtherTeamField(_("Vers l’équipe"))

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, team=team)
        cast(_OtherTeamField, self.fields["to"]).offer(team)


class SplitForm(_MembersForm):
    name = forms.CharField(label=_("Nom de la nouvelle équipe"), max_length=60)


class MergeForm(forms.Form):
    into = _OtherTeamField(
        _("Avec l’équipe"),
        _(
            "Celle-ci reste, avec ses dépôts, et reçoit les membres. L’autre disparaît : elle ne"
            " doit avoir rien rendu."
        ),
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data)
        cast(_OtherTeamField, self.fields["into"]).offer(team)


class DepartmentForm(forms.Form):
    department = forms.ModelChoiceField(
        label=_("Département"),
        queryset=Department.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("Possible tant que l’équipe n’a rien rendu et qu’aucun jury ne l’a notée."),
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, initial={"department": team.department_id})
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.queryset = team.edition.departments.all()


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Nouvelle note"),
        max_length=TeamNote._meta.get_field("text").max_length,
        help_text=_("« Vue, pas d’ordinateur. » Seule l’organisation la lit."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
