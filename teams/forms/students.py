from typing import Any, ClassVar, cast

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.forms import model_fields
from hackathon.event.editions.models import Department, Edition
from teams.enums import HelpKind, ReceiptMails
from teams.errors import HelpRefusal, TeamRefusal
from teams.models import (
    NOTE_LENGTH,
    PLACE_LENGTH,
    Membership,
    Team,
)

CODE_ATTRS = {
    "class": "team-code-input",
    "autocapitalize": "characters",
    "autocomplete": "off",
    "spellcheck": "false",
    "maxlength": "20",
}


class DepartmentField(forms.ModelChoiceField):
    """A radio button for each department, with its code and its name."""

    widget = forms.RadioSelect

    def __init__(self) -> None:
        super().__init__(
            label=_("Département"), queryset=Department.objects.none(), empty_label=None
        )

    def label_from_instance(self, obj: Any) -> str:
        return format_html('<span class="choice-code">{}</span> {}', obj.code, obj.name)


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


class RegisterForm(TeamForm):
    team_fields = ("name", "room", "floor")
    department = DepartmentField()
    field_order = ["department", "name"]

    def __init__(
        self, data: Any = None, *, edition: Edition, listed: Department | None = None
    ) -> None:
        """`listed`: the department of the person on the school's list, which a team may differ from
        if the person says so.
        """
        super().__init__(data)
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.queryset = edition.departments.all()
        self.initial["department"] = listed
        self.listed = listed
        if listed is not None and data and data.get("department") not in (None, str(listed.pk)):
            self.fields["is_sure"] = forms.BooleanField(
                label=_("Oui, c’est bien ce département : autre sujet, autre rendu, autre jury."),
                required=False,
            )
            self.order_fields(["department", "is_sure"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen, is_sure = given.get("department"), given.pop("is_sure", True)
        if self.listed is not None and chosen not in (None, self.listed) and not is_sure:
            question = _("La liste de l’école vous met en {listed}. Vraiment {chosen} ?")
            self.add_error(
                "department", question.format(listed=self.listed.name, chosen=chosen.name)
            )
        return given


class EditForm(EditingForm, TeamForm):
    def __init__(self, data: Any = None, *, team: Team, name_is_fixed: bool) -> None:
        super().__init__(data, team=team)
        if name_is_fixed:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _(
                "Les inscriptions sont closes : demandez à l’organisation pour changer de nom."
            )


class JoinForm(forms.Form):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        TeamRefusal.CODE_UNKNOWN: "code",
        TeamRefusal.CODES_BLOCKED: "code",
    }
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


class ChoicesForm(forms.Form):
    """What a member is mailed, and lets others see."""

    receipt_mails = forms.ChoiceField(
        label=_("Quand un autre membre rend quelque chose"),
        choices=ReceiptMails.choices,
        widget=forms.RadioSelect,
        help_text=_("Vous recevez toujours le reçu de ce que vous envoyez vous-même."),
    )

    def __init__(self, data: Any = None, *, membership: Membership) -> None:
        consents = ("shows_address", "shows_name")  # that to works is asked on the team's page
        names = ("receipt_mails", *consents)
        super().__init__(data, initial={name: getattr(membership, name) for name in names})
        self.fields.update(model_fields(Membership, consents))


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
        help_text=_("En quelques mots."),
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, auto_id="help_%s")
        for name in ("place", "note"):
            self.fields[name].widget.attrs["data-draft"] = f"{self.DRAFT}-{name}"
        self.fields["place"].required = not team.room
        self.fields["place"].error_messages["required"] = HelpRefusal.PLACE_MISSING.label
        self.fields["place"].help_text = (
            _("Seulement si vous n’êtes pas dans votre salle.")
            if team.room
            else _("Votre équipe n’a pas encore de salle : « hall, rez-de-chaussée ».")
        )
