"""The deadline, written once. Pure functions of stored instants; `at` is an argument."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hackathon.core.errors import Refusal, refuse
from hackathon.core.formats import clock_exact
from hackathon.editions.enums import LatePolicy
from hackathon.editions.models import Edition
from hackathon.editions.rules import (
    accepts_until,
    day_and_time,
    grace_ends_at,
    results_are_public,
)
from submissions.enums import ProgressState, Punctuality
from submissions.errors import DepositRefusal
from submissions.models import Deliverable, Extension, Submission, Upload

UPLOAD_KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class DepositPeriod:
    """The instants that decide about one team's deposits, its Extension counted in."""

    opens_at: datetime
    deadline_at: datetime
    grace_ends_at: datetime
    accepts_until: datetime | None  # None while late ones are accepted
    late_policy: LatePolicy
    delay: timedelta

    @property
    def grace(self) -> timedelta:
        """How long after the deadline a transfer begun before it may finish."""
        return self.grace_ends_at - self.deadline_at

    @property
    def delay_minutes(self) -> int:
        """What was granted, in minutes; 0 for most teams."""
        return int(self.delay.total_seconds()) // 60

    @property
    def delay_seconds(self) -> int:
        """What was granted, in seconds: what pages add to the edition's deadline."""
        return int(self.delay.total_seconds())

    def state(self, *, at: datetime) -> str:
        """`before`, `open`, `grace` (only what began in time may finish), `late` (accepted, marked)
        or `closed`. Bounds belong to the earlier state.
        """
        if at < self.opens_at:
            return "before"
        if at <= self.deadline_at:
            return "open"
        if self.late_policy == LatePolicy.ACCEPT:
            return "late"
        return "grace" if at <= self.grace_ends_at else "closed"


def longest_extension(extensions: Iterable[Extension]) -> Extension | None:
    """The one that holds: the longest that is not revoked; they do not add up."""
    valid = [e for e in extensions if e.revoked_at is None]
    return max(valid, key=lambda e: (e.minutes, e.pk or 0), default=None)


def deposit_period(edition: Edition, extensions: Iterable[Extension]) -> DepositPeriod:
    """The window of a team, given its and its department's extensions. The longest one holds."""
    longest = longest_extension(extensions)
    delay = timedelta(minutes=longest.minutes if longest else 0)
    return DepositPeriod(
        opens_at=edition.starts_at,
        deadline_at=edition.deadline_at + delay,
        grace_ends_at=grace_ends_at(edition, delay=delay),
        accepts_until=accepts_until(edition, delay=delay),
        late_policy=LatePolicy(edition.late_policy),
        delay=delay,
    )


def punctuality_of(
    window: DepositPeriod, *, begun_at: datetime, received_at: datetime
) -> Punctuality:
    """How a transfer with these instants stands to the deadline. The deadline itself is on time."""
    if received_at <= window.deadline_at:
        return Punctuality.ON_TIME
    if begun_at <= window.deadline_at and received_at <= window.grace_ends_at:
        return Punctuality.IN_GRACE
    return Punctuality.LATE


def deposit_refusal(
    edition: Edition, window: DepositPeriod, *, begun_at: datetime, at: datetime
) -> Refusal | None:
    """Whether a deposit begun at `begun_at` whose last byte is there at `at` may be received.

    With `begun_at == at` it says whether one may begin now: this greys the button.
    """
    if begun_at < window.opens_at:
        return refuse(DepositRefusal.NOT_OPEN, opens=day_and_time(window.opens_at, edition))
    late = punctuality_of(window, begun_at=begun_at, received_at=at) == Punctuality.LATE
    if not late or (
        window.late_policy == LatePolicy.ACCEPT and not results_are_public(edition, at=at)
    ):
        return None
    if begun_at <= window.deadline_at:
        return refuse(
            DepositRefusal.GRACE_PASSED,
            deadline=clock_exact(window.deadline_at, edition.zone),
            until=clock_exact(window.grace_ends_at, edition.zone),
        )
    return refuse(
        DepositRefusal.DEADLINE_PASSED,
        deadline=clock_exact(window.deadline_at, edition.zone),
        begun=_after_text(begun_at, edition),
    )


def upload_expires_at(*, begun_at: datetime) -> datetime:
    """Until when an unfinished transfer can be taken up again."""
    return begun_at + UPLOAD_KEPT


def has_expired(upload: Upload, *, at: datetime) -> bool:
    """Whether the transfer can no longer be taken up. What was received is not concerned."""
    return at > upload.expires_at


def counting(
    window: DepositPeriod, versions: Sequence[Submission]
) -> tuple[Submission, Punctuality] | None:
    """Which of a deliverable's versions counts, with its mark; None if nothing was received.

    The newest that came in time or in the grace; only where there is none, the newest late one:
    a late file never takes the place of one that was on time.
    """
    newest_first = sorted(versions, key=lambda s: s.version, reverse=True)
    marked = [
        (s, punctuality_of(window, begun_at=s.begun_at, received_at=s.received_at))
        for s in newest_first
    ]
    for submission, its_mark in marked:
        if its_mark != Punctuality.LATE:
            return submission, its_mark
    return marked[0] if marked else None


def progress_state(
    deliverables: Iterable[Deliverable], counting_marks: dict[int, Punctuality]
) -> ProgressState:
    """A team's window: dark, amber, lit or hatched.

    `counting_marks` has the mark of what counts by deliverable id. Lit when everything required is
    there; late as soon as something that counts is late.
    """
    if not counting_marks:
        return ProgressState.NOTHING
    if Punctuality.LATE in counting_marks.values():
        return ProgressState.LATE
    required = [d.pk for d in deliverables if d.required]
    complete = all(pk in counting_marks for pk in required)
    return ProgressState.COMPLETE if complete else ProgressState.SOMETHING


def _after_text(instant: datetime, edition: Edition) -> str:
    """Rounded up to the second: 23:00:00.4 must not read « 23:00 »."""
    begun = timedelta(seconds=1) if instant.microsecond else timedelta(0)
    return clock_exact(instant + begun, edition.zone)
