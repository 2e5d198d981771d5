from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.forms import InstantField
from hackathon.run.privacy.errors import PrivacyRefusal
from hackathon.run.privacy.models import ANSWER_LENGTH

PLANNED_ON_DATE = (PrivacyRefusal.TOO_EARLY, PrivacyRefusal.TOO_LATE)


class PlanForm(forms.Form):
    REFUSAL_FIELDS = dict.fromkeys(PLANNED_ON_DATE, "due_at")

    due_at = InstantField(label=_("À partir du"))
    with_pictures = forms.BooleanField(
        label=_("Supprimer aussi les aperçus des travaux"),
        help_text=_("Images et vidéos réduites, où quelqu’un peut être visible."),
        required=False,
    )
    confirmed = forms.BooleanField(
        label=_("J’ai lu ce qui disparaît. Cela ne pourra pas être annulé."),
        error_messages={"required": _("Cochez la case pour confirmer.")},
    )

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("due_at", "with_pictures")}


class AnswerForm(forms.Form):
    """With an answer the request is refused; without one the data are erased."""

    REFUSAL_FIELDS = {PrivacyRefusal.NO_REASON: "answer"}

    answer = forms.CharField(
        label=_("Pourquoi vous refusez"),
        help_text=_("La personne le reçoit par e-mail."),
        max_length=ANSWER_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
