from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hackathon.announcements import audiences
from hackathon.announcements.models import ANNOUNCEMENT_MAX_CHARS
from hackathon.core.formats import clock_time, day_time
from hackathon.core.forms import LocalDateTimeInput
from hackathon.editions.models import Edition
from hackathon.editions.rules import Moment

QUICK_MINUTES = (5, 10, 15)
DEADLINE = "deadline_at"
INSTANTS = (
    DEADLINE,
    "starts_at",
    "registration_opens_at",
    "registration_closes_at",
    "judging_opens_at",
)


class MoveForm(forms.Form):
    """`quick` is the new instant and not a number of minutes, so that two clicks move it once.

    The cleaned `milestone_pk` is None for a field of the edition.
    """

    instant = forms.ChoiceField(label=_("Ce qui change"))
    to = forms.DateTimeField(label=_("Nouvelle heure"), widget=LocalDateTimeInput())
    quick = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, edition: Edition, moments: Sequence[Moment], chosen: str = ""
    ) -> None:
        at = {name: getattr(edition, name) for name in INSTANTS}
        labels = {name: _field_label(name) for name in INSTANTS}
        self._milestones: dict[str, int] = {}
        for moment in moments:
            if moment.milestone_pk is not None:
                name = f"milestone:{moment.milestone_pk}"
                at[name], labels[name] = moment.at, moment.label
                self._milestones[name] = moment.milestone_pk
        chosen = chosen if chosen in at else DEADLINE
        super().__init__(data, initial={"instant": chosen, "to": at[chosen]})
        field: Any = self.fields["instant"]
        field.choices = [
            (name, f"{_capitalized(labels[name])} · {day_time(at[name])}") for name in at
        ]
        self.quick_choices = [
            {"minutes": minutes, "at": at[DEADLINE] + timedelta(minutes=minutes)}
            for minutes in QUICK_MINUTES
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if quick := cleaned.get("quick"):
            self.errors.clear()  # the other fields were not used
            cleaned |= {"instant": DEADLINE, "to": _parse_instant(quick)}
        cleaned["milestone_pk"] = self._milestones.get(cleaned.get("instant", ""))
        return cleaned


class ExtensionForm(forms.Form):
    """The cleaned `target` is the department or the team."""

    target = forms.ChoiceField(label=_("Pour qui"))
    minutes = forms.IntegerField(
        label=_("Minutes en plus de l’heure limite"), min_value=1, max_value=24 * 60, initial=10
    )
    reason = forms.CharField(
        label=_("Raison"),
        max_length=300,
        help_text=_("Le jury la lira : « panne du Wi-Fi en salle 208 »."),
    )

    def __init__(self, data: Any = None, *, edition: Edition, target: str = "") -> None:
        super().__init__(data, initial={"target": target})
        self.edition = edition
        field: Any = self.fields["target"]
        field.choices = [("", _("Choisir…")), *audiences.choices(edition, everyone=False)]

    def clean_target(self) -> Any:
        return audiences.find(self.edition, self.cleaned_data["target"])


class WarnForm(forms.Form):
    body = forms.CharField(
        label=_("Message"),
        max_length=ANNOUNCEMENT_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        body = _(
            "Nous n’avons encore rien reçu de votre équipe. Déposez maintenant une première "
            "version : vous pourrez la remplacer jusqu’à %(time)s."
        )
        time = clock_time(edition.deadline_at)
        super().__init__(data, initial={"body": str(body % {"time": time})})


def _parse_instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(_("Heure illisible : rechargez la page.")) from error
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _field_label(name: str) -> str:
    return str(Edition._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _capitalized(label: str) -> str:
    return label[:1].upper() + label[1:]
