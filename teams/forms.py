"""Shapes of what people type about teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department, Edition
from teams.enums import HelpKind
from teams.errors import HelpRefusal
from teams.models import NOTE_LENGTH, PLACE_LENGTH, Membership, Team

CODE_ATTRS = {
    "class": "team-code-input",
    "autocapitalize": "characters",
    "autocomplete": "off",
    "spellcheck": "false",
    "maxlength": "20",
}


class RoomFields(forms.Form):
    """Where a team works."""

    room = forms.CharField(label=_("Salle"), max_length=20, required=False)
    floor = forms.IntegerField(
        label=_("Étage"),
        min_value=-5,
        max_value=60,
        required=False,
        help_text=_("0 pour le rez-de-chaussée"),
    )


class RoomForm(RoomFields):
    """Where a team works, in the organizers' list: short enough for a line."""

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(
            data,
            initial={"room": team.room, "floor": team.floor},
            auto_id=f"room_{team.pk}_%s",
        )
        self.fields["floor"].help_text = ""


class RegisterForm(RoomFields):
    """A new team: its department and its name; where it sits may come later."""

    name = forms.CharField(label=_("Nom de l’équipe"), max_length=60)
    department = forms.ModelChoiceField(
        label=_("Département"), queryset=Department.objects.none(), widget=forms.RadioSelect
    )
    field_order = ["department", "name", "room", "floor"]

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department = self.fields["department"]
        assert isinstance(department, forms.ModelChoiceField)
        department.queryset = edition.departments.all()
        department.empty_label = None


class EnterForm(RegisterForm):
    """A team that the organizers register, with or without a captain."""

    captain = forms.EmailField(
        label=_("Adresse e-mail du ou de la capitaine"),
        required=False,
        help_text=_("Sans capitaine, la première personne qui rejoint l’équipe le devient."),
    )
    field_order = ["department", "name", "captain", "room", "floor"]


class EditForm(RoomFields):
    """What a captain may change."""

    name = forms.CharField(label=_("Nom de l’équipe"), max_length=60)
    project = forms.CharField(
        label=_("Titre du projet"),
        max_length=160,
        required=False,
        help_text=_("C’est ainsi que le jury et l’écran le nomment."),
    )
    field_order = ["name", "project", "room", "floor"]

    def __init__(self, data: Any = None, *, team: Team, name_is_fixed: bool) -> None:
        initial = {name: getattr(team, name) for name in ("name", "project", "room", "floor")}
        super().__init__(data, initial=initial)
        if name_is_fixed:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _(
                "Les inscriptions sont closes : demandez à l’organisation pour changer de nom."
            )


class JoinForm(forms.Form):
    """A join code, however it is typed."""

    code = forms.CharField(
        label=_("Code de l’équipe"),
        max_length=20,
        help_text=_("Six lettres et chiffres, à demander à un membre de l’équipe."),
        widget=forms.TextInput(attrs=CODE_ATTRS),
    )


class MemberField(forms.ModelChoiceField):
    """One of the members, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """The person's name."""
        return str(obj.user.display_name)


class SuccessorForm(forms.Form):
    """Who is captain next."""

    member = MemberField(
        label=_("Nouveau ou nouvelle capitaine"),
        queryset=Membership.objects.none(),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = self.fields["member"]
        assert isinstance(member, MemberField)
        member.queryset = team.memberships.filter(is_captain=False).select_related("user")
        member.empty_label = None


class AddMemberForm(forms.Form):
    """Somebody to put into a team."""

    email = forms.EmailField(label=_("Ajouter par adresse e-mail"))

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, auto_id=f"add_{team.pk}_%s")


class ConfirmForm(forms.Form):
    """Nothing but « oui »; a refusal is shown on it."""


class CallForm(forms.Form):
    """Whom a team calls. The buttons say it; the words may stay empty."""

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
        self.fields["place"].required = not team.room
        self.fields["place"].error_messages["required"] = HelpRefusal.PLACE_MISSING.label
        self.fields["place"].help_text = (
            _("Facultatif : seulement si vous n’êtes pas dans votre salle.")
            if team.room
            else _("Votre équipe n’a pas encore de salle : « hall, rez-de-chaussée ».")
        )


class DutyForm(forms.Form):
    """Somebody who answers calls."""

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
        department = self.fields["department"]
        assert isinstance(department, forms.ModelChoiceField)
        department.queryset = edition.departments.all()
        department.empty_label = _("Toutes les équipes")
