from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department, Edition
from submissions.extensions.rules import EXTENSION_MAX_MINUTES
from teams.models import Team


class ExtensionForm(forms.Form):
    """`target` is `team:12` or `department:3`."""

    target = forms.ChoiceField(label=_("Pour qui"))
    minutes = forms.IntegerField(
        label=_("Minutes en plus"),
        initial=10,
        validators=[MinValueValidator(1), MaxValueValidator(EXTENSION_MAX_MINUTES)],
        widget=forms.NumberInput(
            attrs={"min": 1, "max": EXTENSION_MAX_MINUTES, "inputmode": "numeric"}
        ),
    )
    reason = forms.CharField(
        label=_("Raison"),
        max_length=300,
        help_text=_("L’équipe et le jury la lisent."),
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.departments = {d.pk: d for d in Department.objects.filter(edition=edition)}
        teams = Team.objects.filter(edition=edition).select_related("department")
        self.teams = {team.pk: team for team in teams.order_by("name")}
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Choisissez une équipe ou un département")),
            (
                _("Départements"),
                [(f"department:{d.pk}", d.name) for d in self.departments.values()],
            ),
            (_("Équipes"), [(f"team:{t.pk}", _team_label(t)) for t in self.teams.values()]),
        ]

    @property
    def granted(self) -> dict[str, Any]:
        kind, _colon, pk = self.cleaned_data["target"].partition(":")
        return {
            "team": self.teams[int(pk)] if kind == "team" else None,
            "department": self.departments[int(pk)] if kind == "department" else None,
            "minutes": self.cleaned_data["minutes"],
            "reason": self.cleaned_data["reason"],
        }


def _team_label(team: Team) -> str:
    place = _("salle %(room)s") % {"room": team.room} if team.room else team.department.code
    return f"{team.name} · {place}"
