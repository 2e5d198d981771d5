"""Reads of what was received."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from hackathon.core.errors import NotFound, Refusal
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import AnyUser, is_organizer
from submissions.deposits import rules
from submissions.deposits.periods import extensions_by_team, period_of, periods_of
from submissions.deposits.rules import DepositPeriod
from submissions.enums import ProgressState, Punctuality
from submissions.inspection.selectors import is_broken
from submissions.models import Deliverable, Extension, Submission
from teams.models import Team


@dataclass(frozen=True)
class Version:
    """One received version, with how it stands to the deadline and whether it is what counts."""

    submission: Submission
    mark: Punctuality
    counts: bool


@dataclass(frozen=True)
class DeliverableStatus:
    """One deliverable of one team, its versions newest first. `refusal`: why none may begin now."""

    deliverable: Deliverable
    versions: list[Version]
    counting: Version | None
    refusal: Refusal | None

    @property
    def state(self) -> ProgressState:
        """The small window of this deliverable: dark, lit or hatched."""
        if self.counting is None:
            return ProgressState.NOTHING
        return (
            ProgressState.LATE if self.counting.mark == Punctuality.LATE else ProgressState.COMPLETE
        )

    @property
    def others(self) -> list[Version]:
        """The versions that don't count, newest first."""
        return [version for version in self.versions if not version.counts]

    @property
    def newest_is_late(self) -> bool:
        """Whether the newest version came too late to take the place of the one that counts."""
        return bool(self.versions) and not self.versions[0].counts


@dataclass(frozen=True)
class TeamDeposits:
    """All that a team is asked for and has handed in."""

    team: Team
    window: DepositPeriod
    extension: Extension | None
    statuses: list[DeliverableStatus]

    @property
    def counting_marks(self) -> dict[int, Punctuality]:
        """The mark of what counts, by deliverable id."""
        return {s.deliverable.pk: s.counting.mark for s in self.statuses if s.counting}

    @property
    def state(self) -> ProgressState:
        """The team's window."""
        return rules.progress_state([s.deliverable for s in self.statuses], self.counting_marks)

    @property
    def received(self) -> int:
        """How many deliverables have something."""
        return len(self.counting_marks)

    @property
    def missing(self) -> list[Deliverable]:
        """The required deliverables that have nothing."""
        return [s.deliverable for s in self.statuses if s.deliverable.required and not s.counting]

    @property
    def broken(self) -> list[Deliverable]:
        """The deliverables of which what counts was looked into and does not open."""
        counting = [(s.deliverable, s.counting.submission) for s in self.statuses if s.counting]
        return [deliverable for deliverable, submission in counting if is_broken(submission)]


@dataclass(frozen=True)
class VersionState:
    """What decides over a team's next version, and no more: the instants of those it has."""

    window: DepositPeriod
    deliverables: list[Deliverable]
    versions: dict[int, list[Submission]]  # by deliverable id

    def next_version(self, deliverable: Deliverable) -> int:
        """The number of the version that follows."""
        return 1 + max((s.version for s in self.versions.get(deliverable.pk, [])), default=0)

    def state(self, *more: Submission) -> ProgressState:
        """The team's window; with `more`, as it will be once they are received."""
        marks: dict[int, Punctuality] = {}
        for deliverable in self.deliverables:
            added = [s for s in more if s.deliverable_id == deliverable.pk]
            versions = [*self.versions.get(deliverable.pk, []), *added]
            if counted := rules.counting(self.window, versions):
                marks[deliverable.pk] = counted[1]
        return rules.progress_state(self.deliverables, marks)


@dataclass(frozen=True)
class TeamProgress:
    """One square of the control room: `received` of `total` deliverables, `required` a must."""

    team: Team
    department: Department
    state: ProgressState
    received: int
    required: int
    total: int
    delay_minutes: int
    lit_at: datetime | None = None  # since when all that is required is there
    missing: list[Deliverable] = field(default_factory=list)
    broken: list[Submission] = field(default_factory=list)  # what counts, and does not open


@dataclass(frozen=True)
class LatestDeposit:
    """A line of the latest deposits."""

    submission: Submission
    mark: Punctuality


def deposits_of(team: Team, *, at: datetime) -> TeamDeposits:
    """What a team is asked for and has handed in; three queries."""
    return deposits_by_team(team.edition, [team], at=at)[team.pk]


def version_state_of(team: Team) -> VersionState:
    """How the team stands; three queries, small ones: the team is locked meanwhile."""
    versions: dict[int, list[Submission]] = defaultdict(list)
    instants = ("team_id", "deliverable_id", "version", "begun_at", "received_at")
    for submission in Submission.objects.filter(team=team).only(*instants):
        versions[submission.deliverable_id].append(submission)
    deliverables = list(Deliverable.objects.filter(department=team.department_id))
    return VersionState(period_of(team), deliverables, versions)


def deposits_by_team(
    edition: Edition, teams: Sequence[Team], *, at: datetime
) -> dict[int, TeamDeposits]:
    """`deposits_of` for many teams of one edition at once, by team id; three queries in all."""
    extensions = extensions_by_team(teams)
    deliverables = _deliverables_by_department(teams)
    submissions = _submissions(teams).select_related("submitted_by", "receipt")
    versions = _by_team_and_deliverable(submissions)
    found = {}
    for team in teams:
        window = rules.deposit_period(edition, extensions[team.pk])
        refusal = rules.deposit_refusal(edition, window, begun_at=at, at=at)
        found[team.pk] = TeamDeposits(
            team=team,
            window=window,
            extension=rules.longest_extension(extensions[team.pk]),
            statuses=[
                _status(d, window, versions[team.pk, d.pk], refusal)
                for d in deliverables[team.department_id]
            ],
        )
    return found


def progress(edition: Edition, department: Department | None = None) -> list[TeamProgress]:
    """How far each team is, by department and name; four queries, however many teams."""
    wanted = Team.objects.filter(edition=edition)
    if department is not None:
        wanted = wanted.filter(department=department)
    teams = list(
        wanted.select_related("department").order_by(
            "department__position", "department__name", "name"
        )
    )
    windows = periods_of(edition, teams)
    deliverables = _deliverables_by_department(teams)
    versions = _by_team_and_deliverable(_submissions(teams).defer("text", "url"))
    return [
        _progress_of(team, windows[team.pk], deliverables[team.department_id], versions)
        for team in teams
    ]


def latest(edition: Edition, limit: int = 20) -> list[LatestDeposit]:
    """The newest deposits with their team, deliverable and author; two queries."""
    newest = list(
        Submission.objects.filter(team__edition=edition)
        .select_related("team__department", "deliverable", "submitted_by")
        .defer("text")
        .order_by("-received_at", "-pk")[:limit]
    )
    windows = periods_of(edition, [submission.team for submission in newest])
    return [LatestDeposit(s, _mark(windows[s.team_id], s)) for s in newest]


def version_of(submission: Submission) -> Version:
    """This submission with its mark and whether it counts; two queries."""
    window = period_of(submission.team)
    siblings = Submission.objects.filter(
        team=submission.team_id, deliverable=submission.deliverable_id
    )
    counted = rules.counting(window, list(siblings.defer("text", "url")))
    counts = counted is not None and counted[0].pk == submission.pk
    return Version(submission, _mark(window, submission), counts)


def get_submission_for(user: AnyUser, pk: int) -> Submission:
    """A submission, for the members of its team and the organizers. Raises `NotFound`."""
    submission = (
        Submission.objects.select_related("team__edition", "deliverable").filter(pk=pk).first()
    )
    if submission is None or not user.is_authenticated:
        raise NotFound
    if submission.team.memberships.filter(user=user).exists():
        return submission
    if is_organizer(user, submission.team.edition):
        return submission
    raise NotFound


def _deliverables_by_department(teams: Iterable[Team]) -> dict[int, list[Deliverable]]:
    grouped: dict[int, list[Deliverable]] = defaultdict(list)
    departments = {team.department_id for team in teams}
    for deliverable in Deliverable.objects.filter(department__in=departments):
        grouped[deliverable.department_id].append(deliverable)
    return grouped


def _submissions(teams: Iterable[Team]) -> QuerySet[Submission]:
    submissions = Submission.objects.filter(team__in=[team.pk for team in teams])
    return submissions.select_related("inspection").order_by("-version")


def _by_team_and_deliverable(
    submissions: Iterable[Submission],
) -> dict[tuple[int, int], list[Submission]]:
    grouped: dict[tuple[int, int], list[Submission]] = defaultdict(list)
    for submission in submissions:
        grouped[submission.team_id, submission.deliverable_id].append(submission)
    return grouped


def _mark(window: DepositPeriod, submission: Submission) -> Punctuality:
    return rules.punctuality_of(
        window, begun_at=submission.begun_at, received_at=submission.received_at
    )


def _status(
    deliverable: Deliverable,
    window: DepositPeriod,
    submissions: list[Submission],
    refusal: Refusal | None,
) -> DeliverableStatus:
    counted = rules.counting(window, submissions)
    counting_pk = counted[0].pk if counted else None
    versions = [Version(s, _mark(window, s), s.pk == counting_pk) for s in submissions]
    counting = next((version for version in versions if version.counts), None)
    return DeliverableStatus(deliverable, versions, counting, refusal)


def _progress_of(
    team: Team,
    window: DepositPeriod,
    deliverables: list[Deliverable],
    versions: dict[tuple[int, int], list[Submission]],
) -> TeamProgress:
    marks: dict[int, Punctuality] = {}
    begun: dict[int, datetime] = {}  # since when there is something of this deliverable
    broken: list[Submission] = []
    for deliverable in deliverables:
        submissions = versions.get((team.pk, deliverable.pk), [])
        if counted := rules.counting(window, submissions):
            marks[deliverable.pk] = counted[1]
            begun[deliverable.pk] = min(submission.received_at for submission in submissions)
            if is_broken(counted[0]):
                counted[0].deliverable = deliverable
                broken.append(counted[0])
    state = rules.progress_state(deliverables, marks)
    return TeamProgress(
        team=team,
        department=team.department,
        state=state,
        received=len(marks),
        required=sum(1 for d in deliverables if d.required),
        total=len(deliverables),
        delay_minutes=window.delay_minutes,
        lit_at=_lit_at(deliverables, begun) if state == ProgressState.COMPLETE else None,
        missing=[d for d in deliverables if d.required and d.pk not in marks],
        broken=broken,
    )


def _lit_at(deliverables: list[Deliverable], begun: dict[int, datetime]) -> datetime:
    """When the last thing that a lit window needs came in for the first time."""
    needed = [begun[d.pk] for d in deliverables if d.required]
    return max(needed) if needed else min(begun.values())
