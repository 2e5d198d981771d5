from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.formats import clock_time
from hackathon.base.core.forms import InstantField
from hackathon.day.announcements.models import ANNOUNCEMENT_MAX_CHARS
from hackathon.day.control_room.enums import Group
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.moves import BRIEFS, key_of
from hackathon.event.editions.rules import Moment, field_label, grace_ends_at
from teams.models import Team

QUICK_MINUTES = (5, 10, 15)
FREEZE_REASONS = (
    _("Toutes les places sont prises"),
    _("On compose les équipes"),
    _("Vérification"),
)
DEADLINE = "deadline_at"
UNREADABLE = _("Heure illisible : rechargez la page.")
INSTANTS = (
    DEADLINE,
    "starts_at",
    "registration_opens_at",
    "registration_closes_at",
    "judging_opens_at",
)


class FreezeForm(forms.Form):
    """A button sends `quick_reason`."""

    frozen = forms.TypedChoiceField(
        choices=[("1", ""), ("0", "")], coerce=lambda text: text == "1", widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label=_("Autre raison"),
        required=False,
        max_length=120,
        help_text=_("Seule l’organisation la lit, dans le calendrier."),
    )
    quick_reason = forms.CharField(required=False, max_length=120)


@dataclass(frozen=True)
class QuickMove:
    minutes: int
    to: datetime
    key: str
    grace_ends_at: datetime | None  # of a deadline


class MoveForm(forms.Form):
    """`confirmed` is the key of a move that the person has seen before it was chosen: it contains
    both instants, so that two clicks move it once. The cleaned `milestone_pk` is None for a field
    of the edition.
    """

    instant = forms.ChoiceField(widget=forms.HiddenInput)
    to = InstantField(label=_("Une heure exacte"))
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        edition: Edition,
        moments: Sequence[Moment],
        briefs: Sequence[Brief] = (),
        opened: str = "",
    ) -> None:
        """`briefs`: those that are still secret, the first one first."""
        self.edition = edition
        self.instants = {name: (field_label(name), getattr(edition, name)) for name in INSTANTS}
        self._milestones: dict[str, int] = {}
        for moment in moments:
            if moment.milestone_pk is not None:
                name = f"milestone:{moment.milestone_pk}"
                self.instants[name] = (moment.label, moment.at)
                self._milestones[name] = moment.milestone_pk
        if briefs:
            self.instants[BRIEFS] = (str(_("Sujets encore secrets")), briefs[0].published_at)
        opened = data.get("instant", "") if data else opened
        self.opened = opened if opened in self.instants else DEADLINE
        self.label, self.before = self.instants[self.opened]
        super().__init__(data, initial={"instant": self.opened, "to": self.before})
        field: Any = self.fields["instant"]
        field.choices = [(name, label) for name, (label, _at) in self.instants.items()]

    def quick_moves(self, *, at: datetime) -> list[QuickMove]:
        moves = []
        for minutes in QUICK_MINUTES:
            delay = timedelta(minutes=minutes)
            to = self.before + delay
            grace = grace_ends_at(self.edition, delay=delay) if self.opened == DEADLINE else None
            if to > at:
                moves.append(QuickMove(minutes, to, key_of(self.opened, self.before, to), grace))
        return moves

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if confirmed := cleaned.get("confirmed"):
            self.errors.clear()  # the other fields were not used
            name, _separator, rest = confirmed.partition("|")
            if name not in self.instants:
                raise ValidationError(UNREADABLE)
            cleaned |= {"instant": name, "to": _parse_instant(rest.rpartition("|")[2])}
        cleaned["milestone_pk"] = self._milestones.get(cleaned.get("instant", ""))
        return cleaned


USUAL_WARNINGS = {
    Group.NOTHING: _(
        "Nous n’avons encore rien reçu de votre équipe. Déposez maintenant une première "
        "version : vous pourrez la remplacer jusqu’à %(time)s."
    ),
    Group.PARTLY: _(
        "Il manque encore quelque chose à votre rendu. Regardez votre page et déposez ce qui "
        "manque avant %(time)s."
    ),
    Group.CHOSEN: "",
}


class WarnForm(forms.Form):
    group = forms.ChoiceField(choices=Group, widget=forms.HiddenInput)
    teams = forms.MultipleChoiceField(
        label=_("Équipes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    body = forms.CharField(
        label=_("Message"),
        max_length=ANNOUNCEMENT_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    by_mail = forms.BooleanField(label=_("Envoyer aussi par e-mail"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        edition: Edition,
        teams: Sequence[Team],
        group: str = "",
        chosen: Sequence[str] = (),
    ) -> None:
        self.opened = Group(group) if group in Group.values else Group.NOTHING
        body = str(USUAL_WARNINGS[self.opened]) % {"time": clock_time(edition.deadline_at)}
        initial = {"group": self.opened, "body": body, "teams": list(chosen), "by_mail": True}
        super().__init__(data, initial=initial)
        field: Any = self.fields["teams"]
        field.choices = [(str(t.pk), f"{t.name} · {t.room}" if t.room else t.name) for t in teams]
        if self.opened != Group.CHOSEN:
            field.widget = forms.MultipleHiddenInput()

    def clean_teams(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["teams"]]


def _parse_instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValidationError(UNREADABLE) from error
    return instant if timezone.is_aware(instant) else timezone.make_aware(instant)
