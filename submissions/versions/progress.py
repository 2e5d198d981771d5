"""What all teams have handed in, for the façade, the control room and what asks who is missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from hackathon.event.editions.models import Department, Edition
from submissions.enums import OPENS, Health, ProgressState, Punctuality
from submissions.models import Deliverable, Submission
from submissions.versions import rules
from submissions.versions.facts import COLUMNS
from submissions.versions.rules import Received, TeamPeriods, due_by_deadline
from submissions.versions.selectors import (
    all_periods_of,
    by_team_and_deliverable,
    deliverables_asked,
    punctuality,
)
from teams.models import Team


class OwnWork(NamedTuple):
    """A deliverable with its own deadline, here with the team's Extension."""

    deliverable: Deliverable
    deadline_at: datetime
    is_received: bool


class Unopened(NamedTuple):
    """A counting version that does not open, and the number of the newest other one that does."""

    submission: Submission
    opened: int | None


@dataclass(frozen=True)
class TeamProgress:
    """Of what is due by the edition's deadline. `own`: what has a deadline of its own, which may be
    later.
    """

    team: Team
    department: Department
    state: ProgressState
    received: int
    required: int
    total: int
    delay_minutes: int
    completed_at: datetime | None = None  # when the last required deliverable was first received
    missing: list[Deliverable] = field(default_factory=list)
    broken: list[Unopened] = field(default_factory=list)
    own: tuple[OwnWork, ...] = ()


@dataclass(frozen=True)
class LatestDeposit:
    submission: Submission
    punctuality: Punctuality
    announced_at: datetime | None = None


def progress_of(
    edition: Edition,
    department: Department | None = None,
    *,
    departments: Sequence[Department] | None = None,
) -> list[TeamProgress]:
    """By department and team name. Four queries if `departments` are all those of the edition, read
    before; else one more. One more if a deposit does not open.
    """
    if department is not None:
        departments = [department]
    elif departments is None:
        departments = list(edition.departments.all())
    by_pk = {row.pk: row for row in departments}
    places = {pk: place for place, pk in enumerate(by_pk)}
    wanted = Team.objects.filter(edition=edition, department__in=list(by_pk))
    teams = sorted(wanted.order_by("name"), key=lambda team: places[team.department_id])
    for team in teams:
        team.department = by_pk[team.department_id]
    asked = deliverables_asked(teams)
    periods = all_periods_of(edition, teams, asked)
    due = {pk: due_by_deadline(edition, deliverables) for pk, deliverables in asked.items()}
    received = _received(edition, department)
    broken = _broken(received)
    versions = by_team_and_deliverable(received)
    return [
        _progress_of(
            team,
            periods[team.pk],
            due.get(team.department_id, []),
            asked[team.department_id],
            versions,
            broken,
        )
        for team in teams
    ]


def latest_deposits(edition: Edition, limit: int = 20) -> list[LatestDeposit]:
    """Two queries."""
    newest = list(
        Submission.objects.filter(team__edition=edition)
        .select_related("team__department", "deliverable", "submitted_by")
        .defer("text")
        .order_by("-received_at", "-pk")[:limit]
    )
    asked: dict[int, list[Deliverable]] = defaultdict(list)
    for deliverable in {submission.deliverable for submission in newest}:
        asked[deliverable.department_id].append(deliverable)
    periods = all_periods_of(edition, [submission.team for submission in newest], asked)
    latest = []
    for submission in newest:
        period = periods[submission.team_id].of(submission.deliverable_id)
        mark = punctuality(period, submission)
        announced_at = period.announced(submission.received_at, submission.announced_at)
        latest.append(LatestDeposit(submission, mark, announced_at))
    return latest


def _progress_of(
    team: Team,
    periods: TeamPeriods,
    due: list[Deliverable],
    asked: list[Deliverable],
    versions: dict[tuple[int, int], list[Received]],
    broken: dict[int, Submission],
) -> TeamProgress:
    punctualities: dict[int, Punctuality] = {}
    first_received: dict[int, datetime] = {}
    unopened: list[Unopened] = []
    for deliverable in asked:
        submissions = versions.get((team.pk, deliverable.pk), [])
        period = periods.of(deliverable.pk)
        if counted := rules.counting(period, submissions):
            submission, punctualities[deliverable.pk] = counted
            first_received[deliverable.pk] = min(map(period.counted_at, submissions))
            if submission.pk in broken:
                good = (one.version for one in submissions if one.health in OPENS)
                unopened.append(Unopened(broken[submission.pk], max(good, default=None)))
    received = {d.pk: punctualities[d.pk] for d in due if d.pk in punctualities}
    state = rules.progress_state(due, received)
    is_complete = state == ProgressState.COMPLETE
    return TeamProgress(
        team=team,
        department=team.department,
        state=state,
        received=len(received),
        required=sum(1 for d in due if d.required),
        total=len(due),
        delay_minutes=periods.usual.delay_minutes,
        completed_at=_completed_at(due, first_received) if is_complete else None,
        missing=[d for d in due if d.required and d.pk not in received],
        broken=unopened,
        own=tuple(
            OwnWork(d, periods.of(d.pk).deadline_at, d.pk in punctualities)
            for d in asked
            if d.due_at is not None
        ),
    )


def _received(edition: Edition, department: Department | None) -> list[Received]:
    """Of all teams, newest version first. Model instances would take twenty times as long."""
    wanted = Submission.objects.filter(team__edition=edition)
    if department is not None:
        wanted = wanted.filter(team__department=department)
    rows = wanted.order_by("-version").values_list(*COLUMNS, "inspection__health")
    return [Received(*row) for row in rows]


def _broken(received: Iterable[Received]) -> dict[int, Submission]:
    """By primary key. One query, none if all open."""
    pks = [version.pk for version in received if version.health == Health.BROKEN]
    if not pks:
        return {}
    submissions = Submission.objects.select_related("inspection", "deliverable")
    return submissions.defer("text", "url").in_bulk(pks)


def _completed_at(due: list[Deliverable], first_received: dict[int, datetime]) -> datetime:
    needed = [first_received[d.pk] for d in due if d.required]
    received = (first_received[d.pk] for d in due if d.pk in first_received)
    return max(needed) if needed else min(received)
