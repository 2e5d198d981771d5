from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from hackathon.core.errors import NotFound, Refusal
from hackathon.core.selectors import get_or_not_found
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import AnyUser, is_organizer
from hackathon.live.fragments import once
from submissions.budget.rules import VERSIONS_MAX, VERSIONS_WARNED, Budget, budget_of
from submissions.budget.selectors import open_uploads
from submissions.deposits import rules
from submissions.deposits.facts import valid_extensions
from submissions.deposits.rules import DepositPeriod, Received
from submissions.deposits.viewers import PERIOD
from submissions.enums import ProgressState, Punctuality
from submissions.models import Deliverable, Extension, Submission, Upload
from teams.models import Team

# Messages that change what the teams of a department have handed in.
HANDED_IN = f"{PERIOD} team submission deliverable"

# ---------------------------------------------------------------- deposit periods


def period_of(team: Team) -> DepositPeriod:
    """One query."""
    return rules.deposit_period(team.edition, valid_extensions([team]))


def periods_of(edition: Edition, teams: Sequence[Team]) -> dict[int, DepositPeriod]:
    """By team id; one query."""
    usual = rules.deposit_period(edition, [])
    return {
        pk: rules.deposit_period(edition, extensions) if extensions else usual
        for pk, extensions in _extensions_by_team(teams).items()
    }


def department_period(edition: Edition, department: Department) -> DepositPeriod:
    """Of teams without their own Extension; one query."""
    extensions = Extension.objects.filter(department=department, revoked_at=None)
    return rules.deposit_period(edition, extensions)


def extensions_of(edition: Edition) -> QuerySet[Extension]:
    """Revoked ones included, newest first; one query."""
    return Extension.objects.filter(
        Q(team__edition=edition) | Q(department__edition=edition)
    ).select_related("team__department", "department", "granted_by", "revoked_by")


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
    submission: Submission
    punctuality: Punctuality
    counts: bool


def version_of(submission: Submission) -> Version:
    """Two queries."""
    period = period_of(submission.team)
    siblings = Submission.objects.filter(
        team=submission.team_id, deliverable=submission.deliverable_id
    )
    counted = rules.counting(period, list(siblings.defer("text", "url")))
    counts = counted is not None and counted[0].pk == submission.pk
    return Version(submission, punctuality(period, submission), counts)


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
    """Versions are newest first. `refusal`: why no deposit may begin now."""

    deliverable: Deliverable
    versions: list[Version]
    counting: Version | None
    refusal: Refusal | None

    @property
    def state(self) -> ProgressState:
        if self.counting is None:
            return ProgressState.NOTHING
        is_late = self.counting.punctuality == Punctuality.LATE
        return ProgressState.LATE if is_late else ProgressState.COMPLETE

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
        return bool(self.versions) and not self.versions[0].counts


@dataclass(frozen=True)
class TeamDeposits:
    team: Team
    period: DepositPeriod
    extension: Extension | None
    statuses: list[DeliverableStatus]

    @property
    def punctualities(self) -> dict[int, Punctuality]:
        """Of the versions that count, by deliverable id."""
        return {s.deliverable.pk: s.counting.punctuality for s in self.statuses if s.counting}

    @property
    def state(self) -> ProgressState:
        return rules.progress_state([s.deliverable for s in self.statuses], self.punctualities)

    @property
    def shown_state(self) -> ProgressState:
        """To the team itself. Others don't see on its window that a file does not open."""
        return _shown(self.state, spoiled=bool(self.broken))

    @property
    def received(self) -> int:
        return len(self.punctualities)

    @property
    def size(self) -> int:
        """Of the versions that count, in bytes."""
        return sum(s.counting.submission.size for s in self.statuses if s.counting)

    @property
    def missing(self) -> list[Deliverable]:
        return [s.deliverable for s in self.statuses if s.deliverable.required and not s.counting]

    @property
    def broken(self) -> list[Deliverable]:
        return [s.deliverable for s in self.statuses if s.is_broken]

    @property
    def all_open(self) -> bool:
        """All that is required came in time, and all that counts was inspected and opens."""
        counting = [s.counting.submission for s in self.statuses if s.counting]
        return self.state == ProgressState.COMPLETE and all(s.is_opened for s in counting)


def _shown(state: ProgressState, *, spoiled: bool) -> ProgressState:
    return ProgressState.SOMETHING if spoiled and state == ProgressState.COMPLETE else state


def deposits_of(team: Team, *, at: datetime) -> TeamDeposits:
    """Three queries."""
    return deposits_by_team(team.edition, [team], at=at)[team.pk]


def budgets_of(deposits: Collection[TeamDeposits], *, at: datetime) -> dict[int, Budget]:
    """By team id; one query."""
    uploads: dict[int, list[Upload]] = defaultdict(list)
    for upload in open_uploads(at=at).filter(team__in=[of_team.team.pk for of_team in deposits]):
        uploads[upload.team_id].append(upload)
    return {of_team.team.pk: _budget_of(of_team, uploads[of_team.team.pk]) for of_team in deposits}


def _budget_of(deposits: TeamDeposits, uploads: list[Upload]) -> Budget:
    stored = {
        status.deliverable.pk: sum(version.submission.size for version in status.versions)
        for status in deposits.statuses
        if status.versions
    }
    return budget_of([status.deliverable for status in deposits.statuses], stored, uploads)


def deposits_by_team(
    edition: Edition, teams: Sequence[Team], *, at: datetime
) -> dict[int, TeamDeposits]:
    """By team id; three queries."""
    submissions = _submissions(teams).select_related("submitted_by", "receipt")
    return _deposits_by_team(edition, teams, submissions, at=at)


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
    return _deposits_by_team(department.edition, teams, submissions, at=None)


def _deposits_by_team(
    edition: Edition,
    teams: Sequence[Team],
    submissions: QuerySet[Submission],
    *,
    at: datetime | None,
) -> dict[int, TeamDeposits]:
    extensions = _extensions_by_team(teams)
    deliverables = deliverables_asked(teams)
    versions = by_team_and_deliverable(submissions)
    deposits = {}
    for team in teams:
        period = rules.deposit_period(edition, extensions[team.pk])
        refusal = rules.deposit_refusal(edition, period, begun_at=at, at=at) if at else None
        deposits[team.pk] = TeamDeposits(
            team=team,
            period=period,
            extension=rules.longest_extension(extensions[team.pk]),
            statuses=[
                _status(d, period, versions[team.pk, d.pk], refusal)
                for d in deliverables[team.department_id]
            ],
        )
    return deposits


def _status(
    deliverable: Deliverable,
    period: DepositPeriod,
    submissions: list[Submission],
    refusal: Refusal | None,
) -> DeliverableStatus:
    counted = rules.counting(period, submissions)
    counting_pk = counted[0].pk if counted else None
    versions = [Version(s, punctuality(period, s), s.pk == counting_pk) for s in submissions]
    counting = next((version for version in versions if version.counts), None)
    return DeliverableStatus(deliverable, versions, counting, refusal)


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
        period, begun_at=submission.begun_at, received_at=submission.received_at
    )
