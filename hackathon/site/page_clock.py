"""The clock of every page: towards what it counts, and where in the day we are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from hackathon.core.formats import clock_exact, date_text
from hackathon.editions import rules as editions
from hackathon.editions.enums import LatePolicy, MilestoneKind, Phase
from hackathon.editions.models import Edition
from submissions.deposits.rules import DepositPeriod, deposit_period


@dataclass(frozen=True)
class DayMoment:
    """A point of the day's line; `fraction` is 0 at the launch and 1 at one's own deadline."""

    kind: MilestoneKind
    label: str
    at: datetime
    past: bool
    next: bool
    fraction: float


@dataclass(frozen=True)
class Target:
    """What the countdown counts to; without `at` only its words are said."""

    at: datetime | None
    label: str
    time_label: str = ""
    follows: str = ""


@dataclass(frozen=True)
class PageClock:
    """The clock of a page, as one person sees it: a student's counts their Extension in.

    `delay_seconds` is None for whoever is in no team; `day_fraction` goes beyond 0 and 1.
    `day_ends_at`, where the day's line ends, is the deadline that holds for this person.
    """

    phase: Phase
    target: Target
    grace_label: str
    day_ends_at: datetime
    day_fraction: float
    moments: list[DayMoment]
    delay_seconds: int | None

    @property
    def phase_label(self) -> str:
        """The phase in words."""
        return str(self.phase.label)

    @property
    def target_at(self) -> datetime | None:
        """The instant counted to, if there is one."""
        return self.target.at

    @property
    def target_label(self) -> str:
        """What stands over the number, or in its place."""
        return self.target.label

    @property
    def target_time_label(self) -> str:
        """The instant itself, in words: « avant 23:00 »."""
        return self.target.time_label

    @property
    def follows(self) -> str:
        """The edition's instant that the browser moves this countdown with, by its name there."""
        return self.target.follows


def page_clock(
    edition: Edition,
    moments: Sequence[editions.Moment],
    window: DepositPeriod | None,
    *,
    at: datetime,
    is_open_for_nothing: bool = False,
) -> PageClock:
    """The clock at `at`; `window` is that of the person's team, None for everybody else.

    `is_open_for_nothing`: there is no department yet, and registration is open in name only.
    """
    own = window or deposit_period(edition, [])
    phase = _phase(edition, own, at)
    return PageClock(
        phase=Phase.DRAFT if is_open_for_nothing else phase,
        target=_target(edition, moments, own, phase, at),
        grace_label=_grace_label(own, phase),
        day_ends_at=own.deadline_at,
        day_fraction=_fraction(edition, own, at),
        moments=_day(edition, moments, own, at),
        delay_seconds=None if window is None else int(window.delay.total_seconds()),
    )


def _phase(edition: Edition, window: DepositPeriod, at: datetime) -> Phase:
    """The edition's phase, but for a team with more time the day is not over at 23:00."""
    phase = editions.phase(edition, at=at)
    if phase in (Phase.GRACE, Phase.CLOSED, Phase.JUDGING):
        if at <= window.deadline_at:
            return Phase.RUNNING
        if at <= window.grace_ends_at:
            return Phase.GRACE
    return phase


def _target(
    edition: Edition,
    moments: Sequence[editions.Moment],
    window: DepositPeriod,
    phase: Phase,
    at: datetime,
) -> Target:
    if phase == Phase.DRAFT:
        opens = edition.registration_opens_at
        return Target(opens, _("Inscriptions dans"), _when(opens, at), follows="registration")
    if phase in (Phase.REGISTRATION, Phase.READY):
        starts = edition.starts_at
        return Target(starts, _("Lancement dans"), _when(starts, at), follows="launch")
    if phase == Phase.RUNNING:
        before = _("avant %(time)s") % {"time": clock_exact(window.deadline_at)}
        return Target(window.deadline_at, _("Rendu dans"), before, follows="deadline")
    if phase == Phase.GRACE:
        until = _("jusqu’à %(time)s") % {"time": clock_exact(window.grace_ends_at)}
        return Target(window.grace_ends_at, _("Fin de la marge dans"), until)
    if phase == Phase.PUBLISHED:
        return Target(None, _("Résultats publiés"))
    awards = [m.at for m in moments if m.kind == MilestoneKind.AWARDS and m.at > at]
    if awards:
        return Target(min(awards), _("Remise des prix dans"), _when(min(awards), at))
    return Target(None, _("Rendu terminé"))


def _grace_label(window: DepositPeriod, phase: Phase) -> str:
    """What happens to a transfer that the deadline overtakes, while that matters."""
    deadline, until = clock_exact(window.deadline_at), clock_exact(window.grace_ends_at)
    if phase == Phase.RUNNING:
        if window.grace_ends_at == window.deadline_at:
            return ""
        label = _("Un envoi commencé avant %(deadline)s peut finir jusqu’à %(until)s.")
        if window.late_policy == LatePolicy.ACCEPT:
            label += " " + _("Après, il est marqué en retard.")
        return label % {"deadline": deadline, "until": until}
    if phase == Phase.GRACE and window.late_policy == LatePolicy.ACCEPT:
        return _("Un envoi commencé après %(deadline)s est marqué en retard.") % {
            "deadline": deadline
        }
    if phase == Phase.GRACE:
        return _("Seuls finissent les envois commencés avant %(deadline)s.") % {
            "deadline": deadline
        }
    return ""


def _day(
    edition: Edition, moments: Sequence[editions.Moment], window: DepositPeriod, at: datetime
) -> list[DayMoment]:
    """The day's moments with the deadline where it is for this person, which may be after others
    of the edition.
    """
    own = sorted(
        (
            replace(m, at=window.deadline_at) if m.kind == MilestoneKind.DEADLINE else m
            for m in moments
        ),
        key=lambda m: m.at,
    )
    following = next((m for m in own if m.at > at), None)
    return [
        DayMoment(
            m.kind, m.label, m.at, m.at <= at, m is following, _fraction(edition, window, m.at)
        )
        for m in own
    ]


def _fraction(edition: Edition, window: DepositPeriod, at: datetime) -> float:
    return (at - edition.starts_at) / (window.deadline_at - edition.starts_at)


def _when(instant: datetime, at: datetime) -> str:
    """« à 8:30 » the same day, else « jeudi 13 février à 8:30 »."""
    if timezone.localdate(instant) == timezone.localdate(at):
        return _("à %(time)s") % {"time": clock_exact(instant)}
    return _("%(day)s à %(time)s") % {"day": date_text(instant), "time": clock_exact(instant)}
