"""The organizers' list of teams, page by page. The caller has checked the rights."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import shown_name
from hackathon.base.core.codes import normal_code, spoken_code
from hackathon.base.core.typography import plain_letters
from hackathon.event.editions.models import Department, Edition
from teams import rules
from teams.enums import PROGRESS, TeamFilter, TeamOrder
from teams.floors import place
from teams.models import Membership, Student, Team
from teams.signals import progress_requested

PER_PAGE = 50


@dataclass(frozen=True)
class DepartmentCounts:
    department: Department
    teams: int
    students: int
    incomplete: int


@dataclass(frozen=True)
class Wanted:
    """What the organizer looks for. `text`: in the name, the room, the code and the members."""

    text: str = ""
    department: str = ""  # its code
    floor: int | None = None
    which: TeamFilter = TeamFilter.ALL
    order: TeamOrder = TeamOrder.DEPARTMENT


@dataclass(frozen=True)
class TeamFacts:
    """Plain values without names of people: equal ones are rendered once (`{% kept %}`)."""

    size: int
    missing: int
    seats_left: int
    room: str
    floor: int | None
    absent_at: datetime | None
    spoken_code: str


@dataclass(frozen=True)
class ListedTeam:
    """`captain` is empty if there is none; `others` are the names of the other members."""

    pk: int
    department_id: int
    name: str
    size_max: int
    facts: TeamFacts
    visitor: str
    captain: str
    others: str


@dataclass(frozen=True)
class Listing:
    """`found`: how many teams fit. `groups`: those of the page, by department if they are in this
    order, else one group.
    """

    departments: list[DepartmentCounts]
    floors: list[int]
    found: int
    page: Page
    groups: list[tuple[DepartmentCounts | None, list[ListedTeam]]]

    @property
    def empty(self) -> list[Department]:
        """Departments without any team."""
        return [line.department for line in self.departments if not line.teams]

    @property
    def teams(self) -> int:
        return sum(line.teams for line in self.departments)

    @property
    def students(self) -> int:
        return sum(line.students for line in self.departments)

    @property
    def incomplete(self) -> int:
        return sum(line.incomplete for line in self.departments)


@dataclass(frozen=True)
class _Row:
    pk: int
    department_id: int
    name: str
    room: str
    floor: int | None
    join_code: str
    absent_at: datetime | None
    size: int


def counts_by_department(edition: Edition) -> list[DepartmentCounts]:
    """With empty departments. Two queries."""
    return _counts(edition, list(edition.departments.all()), _rows(edition))


def listing(
    edition: Edition, wanted: Wanted, number: str = "", *, shows: int | None = None
) -> Listing:
    """Page `number`, or the one with the team `shows`. Four queries; a search has one more, and
    some filters.
    """
    departments = list(edition.departments.all())
    rows = _rows(edition)
    counts = _counts(edition, departments, rows)
    places = {department.pk: place for place, department in enumerate(departments)}
    fitting = _ordered(_fitting(edition, departments, rows, wanted), places, wanted.order)
    index = next((i for i, row in enumerate(fitting) if row.pk == shows), None)
    page = Paginator(fitting, PER_PAGE).get_page(number if index is None else index // PER_PAGE + 1)
    shown = _listed(edition, list(page.object_list))
    groups: list[tuple[DepartmentCounts | None, list[ListedTeam]]] = []
    if wanted.order == TeamOrder.DEPARTMENT:
        for place, teams in groupby(shown, key=lambda line: places[line.department_id]):
            groups.append((counts[place], list(teams)))
    elif shown:
        groups.append((None, shown))
    floors = sorted({row.floor for row in rows if row.floor is not None})
    return Listing(counts, floors, len(fitting), page, groups)


def found_pks(edition: Edition, wanted: Wanted) -> list[int]:
    """All that fit, of all pages, in the order of the list. Two queries, three with a search."""
    departments = list(edition.departments.all())
    places = {department.pk: place for place, department in enumerate(departments)}
    fitting = _fitting(edition, departments, _rows(edition), wanted)
    return [row.pk for row in _ordered(fitting, places, wanted.order)]


def teams_with_members(edition: Edition, pks: Sequence[int]) -> list[Team]:
    """In the order of `pks`. Two queries."""
    members = Prefetch("memberships", Membership.objects.select_related("user"))
    rows = Team.objects.select_related("department", "absent_by").prefetch_related(members)
    teams = rows.filter(edition=edition).in_bulk(pks)
    return [teams[pk] for pk in pks if pk in teams]


def _rows(edition: Edition) -> list[_Row]:
    """By name. Few columns: there is one for each team of the edition."""
    columns = ("pk", "department_id", "name", "room", "floor", "join_code", "absent_at", "size")
    teams = Team.objects.filter(edition=edition).annotate(size=Count("memberships"))
    return [_Row(*row) for row in teams.order_by("name").values_list(*columns)]


def _ordered(rows: list[_Row], places: Mapping[int, int], order: TeamOrder) -> list[_Row]:
    """`rows` are by name."""
    keys: dict[TeamOrder, Callable[[_Row], Any]] = {
        TeamOrder.DEPARTMENT: lambda row: places[row.department_id],
        TeamOrder.ROOM: place,
        TeamOrder.SIZE: lambda row: row.size,
        TeamOrder.REGISTERED: lambda row: -row.pk,
    }
    return sorted(rows, key=keys[order]) if order in keys else rows


def _counts(
    edition: Edition, departments: Iterable[Department], rows: Iterable[_Row]
) -> list[DepartmentCounts]:
    sizes: dict[int, list[int]] = {department.pk: [] for department in departments}
    for row in rows:
        sizes[row.department_id].append(row.size)
    return [
        DepartmentCounts(
            department=department,
            teams=len(sizes[department.pk]),
            students=sum(sizes[department.pk]),
            incomplete=sum(
                rules.members_missing(edition, size) > 0 for size in sizes[department.pk]
            ),
        )
        for department in departments
    ]


def _fitting(
    edition: Edition, departments: Iterable[Department], rows: Iterable[_Row], wanted: Wanted
) -> list[_Row]:
    fitting = list(rows)
    if wanted.department:
        chosen = {d.pk for d in departments if d.code == wanted.department}
        fitting = [row for row in fitting if row.department_id in chosen]
    if wanted.floor is not None:
        fitting = [row for row in fitting if row.floor == wanted.floor]
    if wanted.which in (*PROGRESS, TeamFilter.NEVER_SIGNED_IN):
        chosen_pks = _kept(edition, wanted.which)
        fitting = [row for row in fitting if row.pk in chosen_pks]
    elif wanted.which != TeamFilter.ALL:
        fitting = [row for row in fitting if _is_one(edition, row, wanted.which)]
    text, code = _plain(wanted.text), normal_code(wanted.text)
    if not text:
        return fitting
    with_member = _teams_with_member(edition, text)
    return [
        row
        for row in fitting
        if text in _plain(f"{row.name}\n{row.room}")
        or row.pk in with_member
        or (code and row.join_code == code)
    ]


def _is_one(edition: Edition, row: _Row, which: TeamFilter) -> bool:
    if which == TeamFilter.INCOMPLETE:
        return rules.members_missing(edition, row.size) > 0
    return row.absent_at is not None if which == TeamFilter.ABSENT else not row.room


def _kept(edition: Edition, which: TeamFilter) -> set[int]:
    if which == TeamFilter.NEVER_SIGNED_IN:
        listed = Student.objects.never_came().filter(edition=edition).values("user")
        absent = Q(user__last_login=None) | Q(user__in=listed)
        members = Membership.objects.filter(absent, edition=edition).order_by()
        return set(members.values_list("team", flat=True))
    answers: list[Any] = progress_requested.send(sender=Team, edition=edition, which=which)
    return {pk for _receiver, pks in answers for pk in pks}


def _teams_with_member(edition: Edition, text: str) -> set[int]:
    """Compared here: databases differ in how they ignore case and accents."""
    members = Membership.objects.filter(edition=edition).order_by()
    people = members.values_list("team_id", "user__name", "user__email")
    return {team for team, name, email in people if text in _plain(f"{name}\n{email}")}


def _plain(text: str) -> str:
    return plain_letters(text).casefold().strip()


def _listed(edition: Edition, rows: Sequence[_Row]) -> list[ListedTeam]:
    """Two queries."""
    pks = [row.pk for row in rows]
    visited = Team.objects.filter(pk__in=pks, visitor__isnull=False).select_related("visitor")
    visitors = {team.pk: team.visitor.display_name for team in visited if team.visitor}
    columns = (
        *("team_id", "is_captain", "absent_at"),
        *("user_id", "user__name", "user__email", "user__deleted_at"),
    )
    captains: dict[int, str] = {}
    others: dict[int, list[str]] = {pk: [] for pk in pks}
    members = Membership.objects.filter(team__in=pks).values_list(*columns)
    for team, is_captain, absent_at, user, own_name, email, deleted_at in members:
        name = shown_name(user, own_name, email, is_deleted=deleted_at is not None)
        if absent_at is not None:
            name = _("{name} (absent)").format(name=name)
        if is_captain:
            captains[team] = name
        else:
            others[team].append(name)
    return [
        ListedTeam(
            pk=row.pk,
            department_id=row.department_id,
            name=row.name,
            size_max=edition.team_size_max,
            facts=TeamFacts(
                size=row.size,
                missing=rules.members_missing(edition, row.size),
                seats_left=rules.seats_left(edition, row.size),
                room=row.room,
                floor=row.floor,
                absent_at=row.absent_at,
                spoken_code=spoken_code(row.join_code),
            ),
            visitor=visitors.get(row.pk, ""),
            captain=captains.get(row.pk, ""),
            others=", ".join(others[row.pk]),
        )
        for row in rows
    ]
