"""Without access checks: the views make them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from hackathon.event.editions.models import Department, Edition
from submissions.models import Deliverable, Receipt
from submissions.versions.selectors import Version, deposits_by_team
from teams.models import Team


@dataclass(frozen=True)
class ArchiveLine:
    """A version of the team's `number`-th deliverable. `code` is that of its receipt."""

    team: Team
    number: int
    deliverable: Deliverable
    version: Version
    code: str


@dataclass(frozen=True)
class DepartmentArchive:
    """`count` and `size` are of the versions that count. Sizes are in bytes, without what the ZIP
    adds: a few hundred for each file.
    """

    department: Department
    teams: int
    count: int
    size: int
    every_count: int
    every_size: int


def archive_lines(
    edition: Edition, teams: Sequence[Team], *, at: datetime, every_version: bool = False
) -> list[ArchiveLine]:
    """Versions oldest first. A fixed number of queries if the departments of `teams` are loaded."""
    deposits = deposits_by_team(edition, teams, at=at)
    receipts = Receipt.objects.filter(submission__team__in=[team.pk for team in teams])
    codes = dict(receipts.values_list("submission_id", "code"))
    return [
        ArchiveLine(team, number, status.deliverable, version, codes.get(version.submission.pk, ""))
        for team in teams
        for number, status in enumerate(deposits[team.pk].statuses, start=1)
        for version in reversed(status.versions)
        if every_version or version.counts
    ]


def archive_teams(edition: Edition, department: Department | None = None) -> list[Team]:
    """By department and name; one query."""
    teams: QuerySet[Team] = Team.objects.filter(edition=edition)
    if department is not None:
        teams = teams.filter(department=department)
    order = ("department__position", "department__name", "name")
    return list(teams.select_related("department", "edition").order_by(*order))


def archive_summary(edition: Edition, *, at: datetime) -> list[DepartmentArchive]:
    """A fixed number of queries."""
    teams = archive_teams(edition)
    lines = archive_lines(edition, teams, at=at, every_version=True)
    return [
        DepartmentArchive(
            department=department,
            teams=sum(team.department_id == department.pk for team in teams),
            count=sum(line.version.counts for line in own),
            size=sum(line.version.submission.size for line in own if line.version.counts),
            every_count=len(own),
            every_size=sum(line.version.submission.size for line in own),
        )
        for department in edition.departments.all()
        for own in [[line for line in lines if line.team.department_id == department.pk]]
    ]
