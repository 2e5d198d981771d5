from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department
from teams.errors import TeamRefusal
from teams.forms.students import TeamForm
from teams.models import (
    Membership,
    Team,
    TeamNote,
)

ID_DIGITS = 18


class RenameForm(TeamForm):
    team_fields = ("name", "project")

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, team=team)


class _MembersField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.display_name} · {obj.user.email}"

    def clean(self, value: Any) -> Any:
        """`pk__in`, unlike `pk`, does not check whether SQLite can store the number."""
        for number in value or ():
            if len(str(number)) > ID_DIGITS:
                message = self.error_messages["invalid_choice"]
                raise ValidationError(message, code="invalid_choice", params={"value": number})
        return super().clean(value)


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


class AbsentMembersForm(_MembersForm):
    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, team=team)
        members = cast(forms.ModelMultipleChoiceField, self.fields["members"])
        members.label, members.required = _("Qui n’est pas là"), False
        self.initial["members"] = list(team.memberships.exclude(absent_at=None))


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
    across = forms.BooleanField(
        label=_("Oui, dans un autre département"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, team=team)
        self.team = team
        cast(_OtherTeamField, self.fields["to"]).offer(team)

    def clean(self) -> None:
        """Asks before people change their department: its brief, its deliverables, its jury."""
        to = self.cleaned_data.get("to")
        if to is None or to.department_id == self.team.department_id:
            return
        self.fields["across"].widget = forms.CheckboxInput()
        if not self.cleaned_data["across"]:
            text = _("« {team} » est en {department} : autre sujet, autres livrables, autre jury.")
            place = {"team": to.name, "department": to.department.code}
            self.add_error("across", text.format(**place))


class SplitForm(_MembersForm):
    name = forms.CharField(label=_("Nom de la nouvelle équipe"), max_length=60)


class MergeForm(forms.Form):
    into = _OtherTeamField(
        _("Avec l’équipe"),
        _(
            "L’équipe choisie reste, avec ses dépôts, et reçoit les membres. Celle de cette page"
            " disparaît : elle ne doit avoir rien rendu."
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


class HideWorksForm(forms.Form):
    because = forms.CharField(
        label=_("Motif, que l’équipe lit"),
        max_length=Team._meta.get_field("works_hidden_because").max_length,
        required=False,
        help_text=_(
            "« Ce film montre des mineurs : retirez-le, et nous remontrons vos travaux. » Vide :"
            " ils ne sont plus cachés, et l’accord de tous les membres décide de nouveau."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        super().__init__(data, initial={"because": team.works_hidden_because})


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Nouvelle note"),
        max_length=TeamNote._meta.get_field("text").max_length,
        help_text=_("« Vue, pas d’ordinateur. » Seule l’organisation la lit."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
