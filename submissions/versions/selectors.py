from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from hackathon.base.core.errors import NotFound, Refusal
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.live.fragments import once
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import AnyUser, is_organizer
from submissions import hand_ins
from submissions.budget.rules import VERSIONS_MAX, VERSIONS_WARNED
from submissions.enums import ProgressState, Punctuality
from submissions.hand_ins import Claim
from submissions.models import Deliverable, Extension, Submission
from submissions.versions import rules
from submissions.versions.facts import valid_extensions
from submissions.versions.rules import DepositPeriod, Received, TeamPeriods
from submissions.versions.viewers import PERIOD
from teams.models import Team

# Messages that change what the teams of a department have handed in.
HANDED_IN = f"{PERIOD} team submission deliverable"

# ---------------------------------------------------------------- deposit periods


def period_of(team: Team, deliverable: Deliverable | None = None) -> DepositPeriod:
    """None: of what is due at the edition's deadline. One query."""
    return rules.deposit_period(team.edition, valid_extensions([team]), deliverable)


def team_periods_of(team: Team) -> TeamPeriods:
    """Two queries."""
    own = Deliverable.objects.filter(department=team.department_id)
    own = own.exclude(opens_at=None, due_at=None)
    return rules.team_periods(team.edition, valid_extensions([team]), own)


def periods_of(
    edition: Edition, teams: Sequence[Team], deliverable: Deliverable | None = None
) -> dict[int, DepositPeriod]:
    """By team id; one query."""
    return {
        pk: rules.deposit_period(edition, extensions, deliverable)
        for pk, extensions in _extensions_by_team(teams).items()
    }


def all_periods_of(
    edition: Edition, teams: Sequence[Team], asked: Mapping[int, Sequence[Deliverable]]
) -> dict[int, TeamPeriods]:
    """By team id. `asked`: the deliverables by department id. One query."""
    nothing_asked = rules.team_periods(edition, [], ())
    usual = {
        pk: rules.team_periods(edition, [], deliverables) for pk, deliverables in asked.items()
    }
    extensions = _extensions_by_team(teams)
    return {
        team.pk: rules.team_periods(edition, own, asked.get(team.department_id, ()))
        if (own := extensions[team.pk])
        else usual.get(team.department_id, nothing_asked)
        for team in teams
    }


def department_period(
    edition: Edition, department: Department, deliverable: Deliverable | None = None
) -> DepositPeriod:
    """Of teams without their own Extension; one query."""
    extensions = Extension.objects.filter(department=department, revoked_at=None)
    return rules.deposit_period(edition, extensions, deliverable)


def extensions_of(edition: Edition) -> QuerySet[Extension]:
    """Revoked ones included, newest first; one query."""
    return Extension.objects.filter(
        Q(team__edition=edition) | Q(department__edition=edition)
    ).select_related("team__department", "department", "deliverable", "granted_by", "revoked_by")


def _extensions_by_team(teams: Sequence[Team]) -> dict[int, list[Extension]]:
    of_team: dict[int | None, list[Extension]] = defaultdict(list)
    of_department: dict[int | None, list[Extension]] = defaultdict(list)
    for extension in valid_extensions(teams):
        of_team[extension.team_id].append(extension)
        of_department[extension.department_id].append(extension)
    return {team.pk: of_team[team.pk] + of_department[team.department_id] for team in teams}


# ---------------------------------------------------------------- one submission


@dataclass(frozen=True)
class Version:
    """`announced_at`: of the claim, if it counts as received then."""

    submission: Submission
    punctuality: Punctuality
    counts: bool
    announced_at: datetime | None = None


def version_of(submission: Submission) -> Version:
    """Two queries."""
    period = period_of(submission.team, submission.deliverable)
    siblings = Submission.objects.filter(
        team=submission.team_id, deliverable=submission.deliverable_id
    )
    counted = rules.counting(period, list(siblings.defer("text", "url")))
    counts = counted is not None and counted[0].pk == submission.pk
    return _version(period, submission, counts=counts)


def get_submission_for(user: AnyUser, pk: int) -> Submission:
    """For the members of its team and the organizers. Raises `NotFound` for others."""
    submission = get_or_not_found(
        Submission.objects.select_related("team__edition", "deliverable"), pk=pk
    )
    if not user.is_authenticated:
        raise NotFound
    if submission.team.memberships.filter(user=user).exists():
        return submission
    if is_organizer(user, submission.team.edition):
        return submission
    raise NotFound


# ---------------------------------------------------------------- everything of a team


@dataclass(frozen=True)
class DeliverableStatus:
    """Versions are newest first. `refusal`: why no deposit may begin now. `extension`: of its own
    deadline. `is_later`: it is due after the edition's deadline. `is_over`: its deadline has
    passed.
    """

    deliverable: Deliverable
    period: DepositPeriod
    extension: Extension | None
    is_later: bool
    versions: list[Version]
    counting: Version | None
    refusal: Refusal | None
    claims: list[Claim] = field(default_factory=list)  # that no version has kept
    is_over: bool = False

    @property
    def is_settled(self) -> bool:
        """A version whose sending begins now would not count: another one does."""
        if not self.is_over or self.counting is None:
            return False
        return self.refusal is not None or self.counting.punctuality != Punctuality.LATE

    @property
    def state(self) -> ProgressState:
        if self.counting is None:
            return ProgressState.NOTHING
        is_late = self.counting.punctuality == Punctuality.LATE
        return ProgressState.LATE if is_late else ProgressState.COMPLETE

    @property
    def is_to_do(self) -> bool:
        """A version that is sent now would count, and none does yet that opens."""
        is_received = self.counting is not None and not self.is_broken
        return self.refusal is None and not is_received and not self.is_settled

    @property
    def has_own_rule(self) -> bool:
        """It opens or is due at another instant than the others."""
        return self.deliverable.due_at is not None or self.deliverable.opens_at is not None

    @property
    def is_broken(self) -> bool:
        return self.counting is not None and self.counting.submission.is_broken

    @property
    def shown_state(self) -> ProgressState:
        """A file that does not open is not shown as complete."""
        return _shown(self.state, spoiled=self.is_broken)

    @property
    def others(self) -> list[Version]:
        return [version for version in self.versions if not version.counts]

    @property
    def last_versions(self) -> int | None:
        """How many more the team may send, once that is few."""
        left = max(VERSIONS_MAX - len(self.versions), 0)
        return left if left <= VERSIONS_WARNED else None

    @property
    def newest_is_late(self) -> bool:
        """An older version counts."""
        if not self.versions or self.versions[0].counts:
            return False
        return self.versions[0].punctuality == Punctuality.LATE


def _punctualities(statuses: Iterable[DeliverableStatus]) -> dict[int, Punctuality]:
    """Of the versions that count, by deliverable id."""
    return {s.deliverable.pk: s.counting.punctuality for s in statuses if s.counting}


@dataclass(frozen=True)
class TeamDeposits:
    """`period` and `extension`: of what is due at the edition's deadline, as are the states and
    what is `missing`.
    """

    team: Team
    period: DepositPeriod
    extension: Extension | None
    statuses: list[DeliverableStatus]

    @property
    def due(self) -> list[DeliverableStatus]:
        return [status for status in self.statuses if not status.is_later]

    @property
    def state(self) -> ProgressState:
        return rules.progress_state([s.deliverable for s in self.due], _punctualities(self.due))

    @property
    def shown_state(self) -> ProgressState:
        """To the team itself. Others don't see on its window that a file does not open."""
        return _shown(self.state, spoiled=bool(self.broken))

    @property
    def received(self) -> int:
        return len(_punctualities(self.statuses))

    @property
    def received_of_due(self) -> int:
        """How many of `due` were received."""
        return len(_punctualities(self.due))

    @property
    def size(self) -> int:
        """Of the versions that count, in bytes."""
        return sum(s.counting.submission.size for s in self.statuses if s.counting)

    @property
    def missing(self) -> list[Deliverable]:
        return [s.deliverable for s in self.due if s.deliverable.required and not s.counting]

    @property
    def still_later(self) -> list[DeliverableStatus]:
        """What is due after the edition's deadline, and not received."""
        return [s for s in self.statuses if s.is_later and not s.counting]

    @property
    def next(self) -> Deliverable | None:
        """What the team hands in next."""
        later = [s.deliverable for s in self.still_later if s.deliverable.required]
        return next(iter([*self.missing, *later]), None)

    @property
    def broken(self) -> list[Deliverable]:
        return [s.deliverable for s in self.statuses if s.is_broken]

    @property
    def all_readable(self) -> bool:
        """All that is required came in time, and all that counts was inspected and opens."""
        counting = [s.counting.submission for s in self.due if s.counting]
        return self.state == ProgressState.COMPLETE and all(s.is_opened for s in counting)


def _shown(state: ProgressState, *, spoiled: bool) -> ProgressState:
    return ProgressState.SOMETHING if spoiled and state == ProgressState.COMPLETE else state


def deposits_of(team: Team, *, at: datetime) -> TeamDeposits:
    """Four queries, and one per participant of hand-ins."""
    return deposits_by_team(team.edition, [team], at=at)[team.pk]


def deposits_by_team(
    edition: Edition, teams: Sequence[Team], *, at: datetime
) -> dict[int, TeamDeposits]:
    """By team id; three queries, and one per participant of hand-ins."""
    submissions = _submissions(teams).select_related("submitted_by", "receipt")
    claims = hand_ins.claims_of(edition, teams)
    return _deposits_by_team(edition, teams, submissions, claims, at=at)


def handed_in(department: Department) -> dict[int, TeamDeposits]:
    """By team id: the teams that are there, for readers who hand in nothing. Without refusals, and
    without who sent what. Jurors share it until it changes; then four queries.
    """
    edition = department.edition
    return once(edition, f"handed in: {department.pk}", lambda _: _handed_in(department), HANDED_IN)


def _handed_in(department: Department) -> dict[int, TeamDeposits]:
    teams = list(Team.objects.present().filter(department=department.pk))
    for team in teams:
        team.department, team.edition = department, department.edition
    submissions = _submissions(teams).defer("text", "url")
    return _deposits_by_team(department.edition, teams, submissions, (), at=None)


def _deposits_by_team(
    edition: Edition,
    teams: Sequence[Team],
    submissions: QuerySet[Submission],
    claims: Iterable[Claim],
    *,
    at: datetime | None,
) -> dict[int, TeamDeposits]:
    extensions = _extensions_by_team(teams)
    asked = deliverables_asked(teams)
    versions = by_team_and_deliverable(submissions)
    awaited: dict[tuple[int, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.kept_by is None:
            awaited[claim.team, claim.deliverable].append(claim)
    deposits = {}
    for team in teams:
        own = extensions[team.pk]
        deposits[team.pk] = TeamDeposits(
            team=team,
            period=rules.deposit_period(edition, own),
            extension=rules.longest_extension(own),
            statuses=[
                _status(edition, d, own, versions[team.pk, d.pk], awaited[team.pk, d.pk], at)
                for d in asked[team.department_id]
            ],
        )
    return deposits


def _status(
    edition: Edition,
    deliverable: Deliverable,
    extensions: list[Extension],
    submissions: list[Submission],
    claims: list[Claim],
    at: datetime | None,
) -> DeliverableStatus:
    period = rules.deposit_period(edition, extensions, deliverable)
    refusal = rules.deposit_refusal(edition, period, begun_at=at, at=at) if at else None
    counted = rules.counting(period, submissions)
    counting_pk = counted[0].pk if counted else None
    versions = [_version(period, s, counts=s.pk == counting_pk) for s in submissions]
    counting = next((version for version in versions if version.counts), None)
    return DeliverableStatus(
        deliverable,
        period=period,
        extension=rules.longest_extension(extensions, deliverable) if period.is_own else None,
        is_later=not rules.due_by_deadline(edition, [deliverable]),
        versions=versions,
        counting=counting,
        refusal=refusal,
        claims=claims if at and period.announced(at, at) else [],
        is_over=at is not None and at > period.deadline_at,
    )


# ---------------------------------------------------------------- shared queries


def deliverables_asked(teams: Iterable[Team]) -> dict[int, list[Deliverable]]:
    """By department id; one query."""
    grouped: dict[int, list[Deliverable]] = defaultdict(list)
    departments = {team.department_id for team in teams}
    for deliverable in Deliverable.objects.filter(department__in=departments):
        grouped[deliverable.department_id].append(deliverable)
    return grouped


def _submissions(teams: Iterable[Team]) -> QuerySet[Submission]:
    submissions = Submission.objects.filter(team__in=[team.pk for team in teams])
    return submissions.select_related("inspection").order_by("-version")


def by_team_and_deliverable[V: (Submission, Received)](
    submissions: Iterable[V],
) -> dict[tuple[int, int], list[V]]:
    grouped: dict[tuple[int, int], list[V]] = defaultdict(list)
    for submission in submissions:
        grouped[submission.team_id, submission.deliverable_id].append(submission)
    return grouped


def punctuality(period: DepositPeriod, submission: Submission) -> Punctuality:
    return rules.punctuality_of(
        period,
        begun_at=submission.begun_at,
        received_at=submission.received_at,
        announced_at=submission.announced_at,
    )


def _version(period: DepositPeriod, submission: Submission, *, counts: bool) -> Version:
    mark = punctuality(period, submission)
    announced_at = period.announced(submission.received_at, submission.announced_at)
    return Version(submission, mark, counts, announced_at)
