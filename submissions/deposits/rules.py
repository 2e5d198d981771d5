from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from hackathon.core.errors import Refusal, refuse
from hackathon.core.formats import clock_exact
from hackathon.editions.enums import LatePolicy
from hackathon.editions.errors import EditionRefusal
from hackathon.editions.models import Edition
from hackathon.editions.rules import (
    accepts_until,
    day_and_time,
    grace_ends_at,
    results_are_public,
)
from submissions.budget import rules as budget_rules
from submissions.budget.rules import Budget
from submissions.deposits.contents import content_refusal, file_refusal
from submissions.enums import DeliverableKind, ProgressState, Punctuality
from submissions.errors import DepositRefusal
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
    health: str | None = None


@dataclass(frozen=True)
class DepositFacts:
    """All that decides about a hand-in of a team, read at one instant (`deposits.facts`).

    `deliverables` and `versions` are by id of the deliverable. `is_entry`: an organizer enters it
    for the team. `may_hand_in`: the person is a member, or organizes the edition for an entry.
    `uploads`: the open ones, and `space`: on the disk; only if the hand-in needs space that it has
    not been promised.
    """

    team: Team
    deliverables: Mapping[int, Deliverable]
    extensions: Sequence[Extension]
    versions: Mapping[int, Sequence[Received]]
    is_entry: bool = False
    may_hand_in: bool = True
    uploads: Sequence[Upload] = ()
    space: Space | None = None

    @cached_property
    def period(self) -> "DepositPeriod":
        return deposit_period(self.team.edition, self.extensions)

    @cached_property
    def budget(self) -> Budget:
        stored = {pk: sum(v.size for v in versions) for pk, versions in self.versions.items()}
        return budget_rules.budget_of(self.deliverables.values(), stored, self.uploads)

    def versions_of(self, deliverable: Deliverable) -> Sequence[Received]:
        return self.versions.get(deliverable.pk, ())

    def progress(self, *new: Received) -> ProgressState:
        """With `new`: the progress once these are received."""
        punctualities: dict[int, Punctuality] = {}
        for pk, deliverable in self.deliverables.items():
            added = [version for version in new if version.deliverable_id == pk]
            if counted := counting(self.period, [*self.versions_of(deliverable), *added]):
                punctualities[pk] = counted[1]
        return progress_state(self.deliverables.values(), punctualities)


@dataclass(frozen=True)
class Decision:
    """The first of `refusals` is the one to tell. The rest holds if there is none.

    `progress`: of the team, once the submission is received.
    """

    refusals: list[Refusal]
    version: int
    punctuality: Punctuality
    progress: ProgressState
    changes_progress: bool


def decide(facts: DepositFacts, submission: Submission, sent: DeliverableKind) -> Decision:
    """About a submission that is complete. `sent`: of what kind, whatever is asked for."""
    versions = facts.versions_of(submission.deliverable)
    version = 1 + max((v.version for v in versions), default=0)
    begun_at, at, size = submission.begun_at, submission.received_at, submission.size
    new = Received(0, facts.team.pk, submission.deliverable_id, version, begun_at, at, size)
    progress = facts.progress(new)
    return Decision(
        refusals=[r for r in _deposit_refusals(facts, submission, sent) if r is not None],
        version=version,
        punctuality=punctuality_of(facts.period, begun_at=begun_at, received_at=at),
        progress=progress,
        # A first version also changes the number of deliverables that the pages show.
        changes_progress=version == 1 or progress != facts.progress(),
    )


def _deposit_refusals(
    facts: DepositFacts, submission: Submission, sent: DeliverableKind
) -> Iterator[Refusal | None]:
    """What was sent comes after who and when: a team should not shrink a file only to learn that
    the deadline has passed. Neither deadline nor budget binds an entry.
    """
    team, deliverable = facts.team, submission.deliverable
    begun_at, at, size = submission.begun_at, submission.received_at, submission.size
    versions = facts.versions_of(deliverable)
    if facts.is_entry:
        reason, organizer = submission.entry_reason, facts.may_hand_in
        yield entry_refusal(deliverable, team, reason=reason, organizer=organizer, at=at)
    else:
        yield member_refusal(deliverable, team, is_member=facts.may_hand_in)
        yield deposit_refusal(team.edition, facts.period, begun_at=begun_at, at=at)
        yield budget_rules.versions_refusal(len(versions))
    yield content_refusal(submission, sent)
    if facts.space is not None:
        yield budget_rules.space_refusal(facts.space, size=size, is_first=not versions)
        if not facts.is_entry:
            yield budget_rules.bytes_refusal(facts.budget, deliverable, size=size)


def begin_refusals(
    facts: DepositFacts, deliverable: Deliverable, *, filename: str, size: int, at: datetime
) -> list[Refusal]:
    """Why a resumable upload may not begin; the first one is the one to tell."""
    versions = facts.versions_of(deliverable)
    refusals = [
        deposit_refusal(facts.team.edition, facts.period, begun_at=at, at=at),
        file_refusal(deliverable, filename=filename, size=size),
        budget_rules.versions_refusal(len(versions)),
        budget_rules.open_uploads_refusal(facts.budget),
        budget_rules.bytes_refusal(facts.budget, deliverable, size=size),
    ]
    if facts.space is not None:
        refusals.append(budget_rules.space_refusal(facts.space, size=size, is_first=not versions))
    return [refusal for refusal in refusals if refusal is not None]


# ---------------------------------------------------------------- when


@dataclass(frozen=True)
class DepositPeriod:
    """Of one team, with its Extension (`delay`)."""

    opens_at: datetime
    deadline_at: datetime
    grace_ends_at: datetime
    accepts_until: datetime | None  # None while late ones are accepted
    late_policy: LatePolicy
    delay: timedelta

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


def longest_extension(extensions: Iterable[Extension]) -> Extension | None:
    """Extensions don't add up: the longest that is not revoked is valid."""
    valid = [e for e in extensions if e.revoked_at is None]
    return max(valid, key=lambda e: (e.minutes, e.pk or 0), default=None)


def deposit_period(edition: Edition, extensions: Iterable[Extension]) -> DepositPeriod:
    """`extensions` are those of the team and of its department."""
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
    period: DepositPeriod, *, begun_at: datetime, received_at: datetime
) -> Punctuality:
    """At the deadline itself a deposit is on time."""
    if received_at <= period.deadline_at:
        return Punctuality.ON_TIME
    if begun_at <= period.deadline_at and received_at <= period.grace_ends_at:
        return Punctuality.IN_GRACE
    return Punctuality.LATE


def deposit_refusal(
    edition: Edition, period: DepositPeriod, *, begun_at: datetime, at: datetime
) -> Refusal | None:
    """With `begun_at == at`: whether a deposit may begin now."""
    if begun_at < period.opens_at:
        return refuse(DepositRefusal.NOT_OPEN, opens=day_and_time(period.opens_at, edition))
    is_late = punctuality_of(period, begun_at=begun_at, received_at=at) == Punctuality.LATE
    if not is_late or (
        period.late_policy == LatePolicy.ACCEPT and not results_are_public(edition, at=at)
    ):
        return None
    if begun_at <= period.deadline_at:
        return refuse(
            DepositRefusal.GRACE_PASSED,
            deadline=clock_exact(period.deadline_at, edition.zone),
            until=clock_exact(period.grace_ends_at, edition.zone),
        )
    # Rounded up to the second: 23:00:00.4 must not read « 23:00 ».
    rounding = timedelta(seconds=1) if begun_at.microsecond else timedelta(0)
    return refuse(
        DepositRefusal.DEADLINE_PASSED,
        deadline=clock_exact(period.deadline_at, edition.zone),
        begun=clock_exact(begun_at + rounding, edition.zone),
    )


# ---------------------------------------------------------------- which version counts


def counting[V: (Submission, Received)](
    period: DepositPeriod, versions: Sequence[V]
) -> tuple[V, Punctuality] | None:
    """The newest version on time or in the grace period, else the newest late one."""
    newest_late = None
    for version in sorted(versions, key=lambda s: s.version, reverse=True):
        punctuality = punctuality_of(
            period, begun_at=version.begun_at, received_at=version.received_at
        )
        if punctuality != Punctuality.LATE:
            return version, punctuality
        newest_late = newest_late or (version, punctuality)
    return newest_late


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


# ---------------------------------------------------------------- who


def member_refusal(deliverable: Deliverable, team: Team, *, is_member: bool) -> Refusal | None:
    if is_member and deliverable.department_id == team.department_id:
        return None
    return refuse(DepositRefusal.NOT_MEMBER)


def entry_refusal(
    deliverable: Deliverable, team: Team, *, reason: str, organizer: bool, at: datetime
) -> Refusal | None:
    """Possible after the deadline: the entry is then late, as any deposit."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if deliverable.department_id != team.department_id:
        return refuse(DepositRefusal.NOT_MEMBER)
    if results_are_public(team.edition, at=at):
        return refuse(DepositRefusal.ENTRY_CLOSED)
    return None if reason.strip() else refuse(DepositRefusal.ENTRY_REASON)
