"""When a team may hand in, which of its versions counts, and what decides about one more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.utils.translation import gettext as _

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.formats import clock_exact, date_text
from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import day_and_time, results_are_public
from submissions.budget import rules as budget_rules
from submissions.budget.rules import Budget
from submissions.enums import ProgressState, Punctuality
from submissions.errors import DepositRefusal
from submissions.hand_ins import Claim
from submissions.models import Deliverable, Extension, Submission, Upload
from submissions.storage import Space
from teams.models import Team

# ---------------------------------------------------------------- a hand-in


class Received(NamedTuple):
    """The columns of a Submission that decide about its team's progress and budget."""

    pk: int
    team_id: int
    deliverable_id: int
    version: int
    begun_at: datetime
    received_at: datetime
    size: int
    announced_at: datetime | None = None
    health: str | None = None


@dataclass(frozen=True)
class DepositFacts:
    """All that decides about a hand-in of a team, read at one instant (`versions.facts`).

    `deliverables` and `versions` are by id of the deliverable. `is_entry`: an organizer enters it
    for the team. `may_hand_in`: the person is a member, or organizes the edition for an entry.
    `uploads`: the open ones, and `space`: on the disk; only if the hand-in needs space that it has
    not got yet. `claims`: on its bytes, before they came, the earliest first.
    """

    team: Team
    deliverables: Mapping[int, Deliverable]
    extensions: Sequence[Extension]
    versions: Mapping[int, Sequence[Received]]
    is_entry: bool = False
    may_hand_in: bool = True
    uploads: Sequence[Upload] = ()
    space: Space | None = None
    claims: Sequence[Claim] = ()

    @cached_property
    def periods(self) -> "TeamPeriods":
        return team_periods(self.team.edition, self.extensions, self.deliverables.values())

    @cached_property
    def budget(self) -> Budget:
        stored = {pk: sum(v.size for v in versions) for pk, versions in self.versions.items()}
        return budget_rules.budget_of(self.deliverables.values(), stored, self.uploads)

    def versions_of(self, deliverable: Deliverable) -> Sequence[Received]:
        return self.versions.get(deliverable.pk, ())

    def progress(self, *new: Received) -> ProgressState:
        """With `new`: the progress once these are received."""
        due = due_by_deadline(self.team.edition, self.deliverables.values())
        punctualities: dict[int, Punctuality] = {}
        for deliverable in due:
            added = [version for version in new if version.deliverable_id == deliverable.pk]
            period = self.periods.of(deliverable.pk)
            if counted := counting(period, [*self.versions_of(deliverable), *added]):
                punctualities[deliverable.pk] = counted[1]
        return progress_state(due, punctualities)


# ---------------------------------------------------------------- when


@dataclass(frozen=True)
class DepositPeriod:
    """Of one team, with its Extension (`delay`). `is_own`: of a deliverable that has its own
    deadline; else of what is due at the edition's.
    """

    opens_at: datetime
    deadline_at: datetime
    grace_ends_at: datetime
    accepts_until: datetime | None  # None while late ones are accepted
    late_policy: LatePolicy
    delay: timedelta
    is_own: bool = False
    announced_until: datetime | None = None  # for announced bytes to come; None: they never count

    def announced(self, received_at: datetime, announced_at: datetime | None) -> datetime | None:
        """`announced_at`, if the bytes came early enough to count as received then."""
        until = self.announced_until
        return announced_at if until is not None and received_at <= until else None

    def counted_at(self, version: "Submission | Received") -> datetime:
        received_at = version.received_at
        return self.announced(received_at, version.announced_at) or received_at

    @property
    def grace(self) -> timedelta:
        return self.grace_ends_at - self.deadline_at

    @property
    def delay_minutes(self) -> int:
        return self.delay_seconds // 60

    @property
    def delay_seconds(self) -> int:
        return int(self.delay.total_seconds())

    def state(self, *, at: datetime) -> str:
        """`before`, `open`, `grace`, `late`, `closed`. A boundary belongs to the earlier state."""
        if at < self.opens_at:
            return "before"
        if at <= self.deadline_at:
            return "open"
        if self.late_policy == LatePolicy.ACCEPT:
            return "late"
        return "grace" if at <= self.grace_ends_at else "closed"


@dataclass(frozen=True)
class OwnPeriod:
    """Of a deliverable that opens or is due at an instant of its own."""

    deliverable: int
    name: str
    period: DepositPeriod


@dataclass(frozen=True)
class TeamPeriods:
    """`usual`: of every deliverable that is not in `own`."""

    usual: DepositPeriod
    own: tuple[OwnPeriod, ...] = ()

    def of(self, deliverable_pk: int) -> DepositPeriod:
        own = (one.period for one in self.own if one.deliverable == deliverable_pk)
        return next(own, self.usual)


def longest_extension(
    extensions: Iterable[Extension], deliverable: Deliverable | None = None
) -> Extension | None:
    """Extensions don't add up: the longest that is not revoked is valid. One of the edition's
    deadline does not move that of a `deliverable` which has its own, and the reverse.
    """
    own = deliverable.pk if deliverable is not None and deliverable.due_at is not None else None
    valid = [e for e in extensions if e.revoked_at is None and e.deliverable_id == own]
    return max(valid, key=lambda e: (e.minutes, e.pk or 0), default=None)


def deposit_period(
    edition: Edition, extensions: Iterable[Extension], deliverable: Deliverable | None = None
) -> DepositPeriod:
    """`extensions` are those of the team and of its department, for any deadline. `deliverable`
    None: of one without instants of its own.
    """
    longest = longest_extension(extensions, deliverable)
    delay = timedelta(minutes=longest.minutes if longest else 0)
    due_at = deliverable.due_at if deliverable else None
    has_grace = deliverable is None or due_at is None or deliverable.has_grace
    deadline_at = (due_at or edition.deadline_at) + delay
    ends_at = deadline_at + timedelta(seconds=edition.grace_seconds if has_grace else 0)
    announced = timedelta(minutes=edition.promise_minutes)
    return DepositPeriod(
        opens_at=(deliverable.opens_at if deliverable else None) or edition.starts_at,
        deadline_at=deadline_at,
        grace_ends_at=ends_at,
        accepts_until=None if edition.late_policy == LatePolicy.ACCEPT else ends_at,
        late_policy=LatePolicy(edition.late_policy),
        delay=delay,
        is_own=due_at is not None,
        announced_until=ends_at + announced if announced else None,
    )


def team_periods(
    edition: Edition, extensions: Collection[Extension], deliverables: Iterable[Deliverable]
) -> TeamPeriods:
    """`deliverables` of its department: those without instants of their own may be absent."""
    return TeamPeriods(
        deposit_period(edition, extensions),
        tuple(
            OwnPeriod(d.pk, d.name, deposit_period(edition, extensions, d))
            for d in deliverables
            if d.opens_at is not None or d.due_at is not None
        ),
    )


def due_by_deadline(edition: Edition, deliverables: Iterable[Deliverable]) -> list[Deliverable]:
    """Nothing that is due later is missing at the edition's deadline."""
    return [d for d in deliverables if d.due_at is None or d.due_at <= edition.deadline_at]


def deadline_text(period: DepositPeriod, edition: Edition) -> str:
    """« 23:00 », with its day if it is a deliverable's own: « vendredi 14 février à 12:00 »."""
    time = clock_exact(period.deadline_at, edition.zone)
    if not period.is_own:
        return time
    day = date_text(period.deadline_at, zone=edition.zone)
    return _("%(day)s à %(time)s") % {"day": day, "time": time}


def punctuality_of(
    period: DepositPeriod,
    *,
    begun_at: datetime,
    received_at: datetime,
    announced_at: datetime | None = None,
) -> Punctuality:
    """At the deadline itself a deposit is on time. `announced_at`: of the claim that it keeps."""
    at = period.announced(received_at, announced_at) or received_at
    if at <= period.deadline_at:
        return Punctuality.ON_TIME
    if begun_at <= period.deadline_at and at <= period.grace_ends_at:
        return Punctuality.IN_GRACE
    return Punctuality.LATE


def deposit_refusal(
    edition: Edition,
    period: DepositPeriod,
    *,
    begun_at: datetime,
    at: datetime,
    announced_at: datetime | None = None,
) -> Refusal | None:
    """With `begun_at == at`: whether a deposit may begin now."""
    if begun_at < period.opens_at:
        is_launch = period.opens_at == edition.starts_at
        code = DepositRefusal.NOT_OPEN if is_launch else DepositRefusal.NOT_OPEN_YET
        return refuse(code, opens=day_and_time(period.opens_at, edition))
    mark = punctuality_of(period, begun_at=begun_at, received_at=at, announced_at=announced_at)
    if mark != Punctuality.LATE or (
        period.late_policy == LatePolicy.ACCEPT and not results_are_public(edition, at=at)
    ):
        return None
    if begun_at <= period.deadline_at:
        return refuse(
            DepositRefusal.GRACE_PASSED,
            deadline=deadline_text(period, edition),
            until=clock_exact(period.grace_ends_at, edition.zone),
        )
    # Rounded up to the second: 23:00:00.4 must not read « 23:00 ».
    rounding = timedelta(seconds=1) if begun_at.microsecond else timedelta(0)
    return refuse(
        DepositRefusal.DEADLINE_PASSED,
        deadline=deadline_text(period, edition),
        begun=clock_exact(begun_at + rounding, edition.zone),
    )


# ---------------------------------------------------------------- which version counts


def counting[V: (Submission, Received)](
    period: DepositPeriod, versions: Sequence[V]
) -> tuple[V, Punctuality] | None:
    """The newest version on time or in the grace period, else the newest late one."""
    newest_late = None
    for version in _newest_first(period, versions):
        punctuality = punctuality_of(
            period,
            begun_at=version.begun_at,
            received_at=version.received_at,
            announced_at=version.announced_at,
        )
        if punctuality != Punctuality.LATE:
            return version, punctuality
        newest_late = newest_late or (version, punctuality)
    return newest_late


def _newest_first[V: (Submission, Received)](
    period: DepositPeriod, versions: Sequence[V]
) -> list[V]:
    """By number, the order of their arrival. One that was announced is as old as its claim."""
    if any(version.announced_at for version in versions):
        return sorted(versions, key=lambda v: (period.counted_at(v), v.version), reverse=True)
    return sorted(versions, key=lambda v: v.version, reverse=True)


def progress_state(
    deliverables: Iterable[Deliverable], punctualities: dict[int, Punctuality]
) -> ProgressState:
    """`punctualities` are those of the versions that count, by deliverable id."""
    if not punctualities:
        return ProgressState.NOTHING
    required = [d.pk for d in deliverables if d.required]
    is_complete = all(pk in punctualities for pk in required)
    # What is optional is not late if all that is required came in time.
    deciding = [punctualities[pk] for pk in required] if required and is_complete else None
    if Punctuality.LATE in (deciding or punctualities.values()):
        return ProgressState.LATE
    return ProgressState.COMPLETE if is_complete else ProgressState.SOMETHING
