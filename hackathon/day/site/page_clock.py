"""The clock of every page: what it counts down to, and the line of the day. No queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from hackathon.base.core.formats import clock_exact, date_text
from hackathon.event.editions import rules
from hackathon.event.editions.enums import LatePolicy, MilestoneKind, Phase
from hackathon.event.editions.models import Edition
from submissions.versions.rules import DepositPeriod, OwnPeriod, deadline_text, deposit_period

NAME_CHARS = 20  # of a deliverable, beside the figure


@dataclass(frozen=True)
class DayMoment:
    """A point of the day line. `fraction` is 0 at the launch and 1 at the deadline of the user."""

    kind: MilestoneKind
    label: str
    at: datetime
    past: bool
    next: bool
    fraction: float


class Countdown(NamedTuple):
    """Without `at` there is only the label."""

    at: datetime | None
    label: str
    time_label: str = ""  # « avant 23:00 »
    follows: str = ""  # what `at` is


@dataclass(frozen=True)
class PageClock:
    """As one user sees it. `day_fraction`: 0 at the launch, 1 at `day_ends_at` (their deadline)."""

    phase: Phase
    target_at: datetime | None
    target_label: str
    target_time_label: str
    follows: str
    grace_label: str
    day_ends_at: datetime
    day_fraction: float
    moments: list[DayMoment]

    @property
    def phase_label(self) -> str:
        return str(self.phase.label)


def page_clock(
    edition: Edition,
    moments: Sequence[rules.Moment],
    team_period: DepositPeriod | None,
    *,
    own: Iterable[OwnPeriod] = (),
    at: datetime,
    is_open_without_departments: bool = False,
) -> PageClock:
    """`own`: of the team's deliverables with instants of their own. `is_open_without_departments`:
    registration is open, but no department exists yet.
    """
    period = team_period or deposit_period(edition, [])
    phase = _phase(edition, period, at)
    due = _next_own(own, period, phase, at)
    countdown = _to_own(due, edition) if due else _countdown(edition, moments, period, phase, at)
    return PageClock(
        phase=Phase.DRAFT if is_open_without_departments else phase,
        target_at=countdown.at,
        target_label=countdown.label,
        target_time_label=countdown.time_label,
        follows=countdown.follows,
        grace_label=_grace_label(period, phase),
        day_ends_at=period.deadline_at,
        day_fraction=_fraction(edition, period, at),
        moments=_day(edition, moments, period, at),
    )


def day_fraction(edition: Edition, *, at: datetime) -> float:
    """Without Extensions."""
    return _fraction(edition, deposit_period(edition, []), at)


def _phase(edition: Edition, period: DepositPeriod, at: datetime) -> Phase:
    """The phase of the edition; for a team with an Extension it still runs, or is in grace."""
    phase = rules.phase(edition, at=at)
    if phase in (Phase.GRACE, Phase.CLOSED, Phase.JUDGING):
        if at <= period.deadline_at:
            return Phase.RUNNING
        if at <= period.grace_ends_at:
            return Phase.GRACE
    return phase


def _next_own(
    own: Iterable[OwnPeriod], period: DepositPeriod, phase: Phase, at: datetime
) -> OwnPeriod | None:
    """What is due next, if its deadline is its own."""
    coming = [one for one in own if one.period.is_own and at <= one.period.deadline_at]
    first = min(coming, key=lambda one: one.period.deadline_at, default=None)
    if phase == Phase.RUNNING:
        return first if first and first.period.deadline_at < period.deadline_at else None
    return first if phase in (Phase.CLOSED, Phase.JUDGING, Phase.DELIBERATED) else None


def _to_own(due: OwnPeriod, edition: Edition) -> Countdown:
    """With its name: pages may show the countdown of another deadline too."""
    label = _("Rendu de « %(name)s » dans") % {"name": Truncator(due.name).chars(NAME_CHARS)}
    before = _("avant %(time)s") % {"time": deadline_text(due.period, edition)}
    return Countdown(due.period.deadline_at, label, before, follows="deadline")


def _countdown(
    edition: Edition,
    moments: Sequence[rules.Moment],
    period: DepositPeriod,
    phase: Phase,
    at: datetime,
) -> Countdown:
    if phase == Phase.DRAFT:
        opens = edition.registration_opens_at
        return Countdown(opens, _("Inscriptions dans"), _when(opens, at), follows="registration")
    if phase in (Phase.REGISTRATION, Phase.READY):
        starts = edition.starts_at
        return Countdown(starts, _("Lancement dans"), _when(starts, at), follows="launch")
    if phase == Phase.RUNNING:
        before = _("avant %(time)s") % {"time": clock_exact(period.deadline_at)}
        return Countdown(period.deadline_at, _("Rendu dans"), before, follows="deadline")
    if phase == Phase.GRACE:
        # No countdown: only who is sending has time left, and reads it beside the transfer.
        passed = _("à %(time)s") % {"time": clock_exact(period.deadline_at)}
        return Countdown(None, _("Heure limite passée"), passed)
    if phase == Phase.PUBLISHED:
        return Countdown(None, _("Résultats publiés"))
    awards = [m.at for m in moments if m.kind == MilestoneKind.AWARDS and m.at > at]
    if awards:
        return Countdown(min(awards), _("Remise des prix dans"), _when(min(awards), at))
    return Countdown(None, _("Rendu terminé"))


def _grace_label(period: DepositPeriod, phase: Phase) -> str:
    """What happens to a transfer that is still running at the deadline."""
    deadline, until = clock_exact(period.deadline_at), clock_exact(period.grace_ends_at)
    if phase == Phase.RUNNING:
        if period.grace_ends_at == period.deadline_at:
            return ""
        label = _("Un envoi commencé avant %(deadline)s peut finir jusqu’à %(until)s.")
        if period.late_policy == LatePolicy.ACCEPT:
            label += " " + _("Après, il est marqué en retard.")
        return label % {"deadline": deadline, "until": until}
    if phase == Phase.GRACE and period.late_policy == LatePolicy.ACCEPT:
        return _("Un envoi commencé après %(deadline)s est marqué en retard.") % {
            "deadline": deadline
        }
    if phase == Phase.GRACE:
        return _("Seuls finissent, jusqu’à %(until)s, les envois commencés avant %(deadline)s.") % {
            "deadline": deadline,
            "until": until,
        }
    return ""


def _day(
    edition: Edition, moments: Sequence[rules.Moment], period: DepositPeriod, at: datetime
) -> list[DayMoment]:
    in_order = sorted(
        (
            replace(m, at=period.deadline_at) if m.kind == MilestoneKind.DEADLINE else m
            for m in moments
        ),
        key=lambda m: m.at,
    )
    following = next((m for m in in_order if m.at > at), None)
    return [
        DayMoment(
            m.kind, m.label, m.at, m.at <= at, m is following, _fraction(edition, period, m.at)
        )
        for m in in_order
    ]


def _fraction(edition: Edition, period: DepositPeriod, at: datetime) -> float:
    return (at - edition.starts_at) / (period.deadline_at - edition.starts_at)


def _when(instant: datetime, at: datetime) -> str:
    """« à 8:30 » on the same day, else « jeudi 13 février à 8:30 »."""
    if timezone.localdate(instant) == timezone.localdate(at):
        return _("à %(time)s") % {"time": clock_exact(instant)}
    return _("%(day)s à %(time)s") % {"day": date_text(instant), "time": clock_exact(instant)}
