"""What the ceremony's remote sends: a button, and the step at which it was pressed."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.accounts.models import User
from hackathon.editions.models import Edition
from judging.ceremony.services import publication as results
from judging.ceremony.services import screens as ceremony
from judging.ceremony.steps import StepKind

# Of what follows, who drives the ceremony is told this much and no more (decision 18).
NEXT = {
    StepKind.TITLE: _("un département"),
    StepKind.NOMINEES: _("les équipes nommées"),
    StepKind.DRUM: _("le roulement de tambour"),
    StepKind.PLACE: _("des lauréats"),
    StepKind.SPECIAL: _("un prix spécial"),
    StepKind.FINALE: _("le mur de tous les lauréats"),
}
BUTTONS = ("rehearse", "start", "next", "back", "blank", "show", "end", "publish")
UNKNOWN = _("Ce bouton n’existe pas. Rechargez la page.")


class RemoteForm(forms.Form):
    """`seen` and `rehearsal` are what the remote showed: who pressed meant that step, no other."""

    do = forms.ChoiceField(
        choices=[(button, button) for button in BUTTONS],
        error_messages={"required": UNKNOWN, "invalid_choice": UNKNOWN},
    )
    seen = forms.IntegerField(required=False, min_value=0, max_value=10_000)
    rehearsal = forms.BooleanField(required=False)

    def press(self, edition: Edition, *, by: User, at: datetime) -> None:
        """Call the service of the button. Raises `Refused`."""
        act: dict[str, Any] = {"edition": edition, "by": by, "at": at}
        rehearsal = self.cleaned_data["rehearsal"]
        there = {"seen": self.cleaned_data["seen"] or 0, "rehearsal": rehearsal}
        match self.cleaned_data["do"]:
            case "rehearse" | "start" as kind:
                ceremony.start(rehearsal=kind == "rehearse", **act)
            case "next" | "back" as way:
                ceremony.move(steps=1 if way == "next" else -1, **there, **act)
            case "blank" | "show" as light:
                ceremony.blank(is_blank=light == "blank", **there, **act)
            case "end":
                ceremony.end(rehearsal=rehearsal, **act)
            case "publish":
                results.publish(**act)
