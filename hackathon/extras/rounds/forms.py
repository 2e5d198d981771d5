"""Instants are in the active time zone: views activate the edition's."""

from datetime import datetime, time
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.forms import InstantField
from hackathon.event.editions.models import Edition
from hackathon.extras.rounds.enums import Progress
from hackathon.extras.rounds.errors import CheckInRefusal
from hackathon.extras.rounds.models import ANSWER_LENGTH, NOTE_LENGTH

USUAL = time(16)  # « des groupes se voient déjà en retard »
NOW, LATER = "now", "later"


class SeeForm(forms.Form):
    note = forms.CharField(
        label=_("Note personnelle"), max_length=NOTE_LENGTH, required=False, empty_value=""
    )

    @property
    def note_sent(self) -> str | None:
        """None without the field: the tap « Vue » leaves a note as it is."""
        return self.cleaned_data["note"] if "note" in self.data else None


class AskForm(forms.Form):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        CheckInRefusal.PAST: "asks_at",
        CheckInRefusal.NOT_IN_DAY: "asks_at",
        CheckInRefusal.TOO_CLOSE: "asks_at",
    }

    when = forms.ChoiceField(
        label=_("Quand"),
        choices=[(NOW, _("Maintenant")), (LATER, _("À l’heure choisie"))],
        widget=forms.RadioSelect,
    )
    asks_at = InstantField(label=_("Heure"), required=False)

    def __init__(self, data: Any = None, *, edition: Edition, at: datetime) -> None:
        usual = datetime.combine(edition.starts_at.astimezone(edition.zone), USUAL, edition.zone)
        is_coming = at < usual <= edition.deadline_at
        initial = {"when": LATER if is_coming else NOW, "asks_at": usual if is_coming else None}
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.pop("when", NOW) == NOW:
            cleaned["asks_at"] = None
        elif not cleaned.get("asks_at") and "asks_at" not in self.errors:
            self.add_error("asks_at", ValidationError(_("Donnez l’heure, ou demandez maintenant.")))
        return cleaned


class AnswerForm(forms.Form):
    check_in = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    progress = forms.ChoiceField(
        label=_("Où en êtes-vous ?"), choices=Progress.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Un mot, si vous voulez"), max_length=ANSWER_LENGTH, required=False
    )
