"""Places the students who have no team, so that few of a team share a group or a programme. The
same seed gives the same teams.
"""

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from django.utils.translation import gettext as _

from hackathon.event.editions.models import Department, Edition
from teams.models import Membership, Student, Team


@dataclass
class Place:
    """A team, and who comes to it. `members` are None if they are not in the list of students."""

    team: Team | None = None  # None until the new team has its name
    members: Sequence[Student | None] = ()
    students: list[Student] = field(default_factory=list)
    coming: int = 0

    @property
    def is_new(self) -> bool:
        return self.team is None or self.team.pk is None

    @property
    def size(self) -> int:
        """As it will be."""
        return len(self.members) + self.coming

    @property
    def free(self) -> int:
        return self.coming - len(self.students)

    def shared(self, student: Student) -> int:
        """With how many here the student shares a group, and a programme."""
        return sum(
            (bool(student.group) and other.group == student.group)
            + (bool(student.programme) and other.programme == student.programme)
            for other in (*self.members, *self.students)
            if other is not None
        )


@dataclass(frozen=True)
class Proposal:
    """Of one department. `left`: students for whom no team has a seat."""

    department: Department
    places: list[Place]
    left: list[Student]

    @property
    def placed(self) -> int:
        return sum(len(place.students) for place in self.places)

    @property
    def waiting(self) -> int:
        return self.placed + len(self.left)

    @property
    def new(self) -> list[Place]:
        return [place for place in self.places if place.is_new]


def proposals(
    edition: Edition, *, department: Department | None, size: int, seed: int
) -> list[Proposal]:
    """For each department with students without a team. Five queries. Colleagues join none."""
    students = Student.objects.filter(edition=edition).select_related("user")
    by_user = {student.user_id: student for student in students}
    members: defaultdict[int, list[Student | None]] = defaultdict(list)
    placed = set(edition.colleagues.values_list("user", flat=True))
    for user, team_pk in Membership.objects.filter(edition=edition).values_list("user", "team"):
        members[team_pk].append(by_user.get(user))
        placed.add(user)
    teams = list(Team.objects.filter(edition=edition).order_by("pk"))
    taken = {team.name.casefold() for team in teams}
    by_department = []
    for one in edition.departments.all() if department is None else [department]:
        waiting = [
            student
            for user, student in by_user.items()
            if student.department_id == one.pk and user not in placed and student.user.is_active
        ]
        known = [
            Place(team, members[team.pk])
            for team in teams
            if team.department_id == one.pk and team.absent_at is None
        ]
        least, most = edition.team_size_min, edition.team_size_max
        places, left = place(waiting, known, size=size, least=least, most=most, seed=seed)
        numbers = count(1)
        for new in places:
            if new.team is None:
                name = _free_name(one, numbers, taken)
                new.team = Team(edition=edition, department=one, name=name)
        if waiting:
            by_department.append(Proposal(one, places, left))
    return by_department


def _free_name(department: Department, numbers: Iterable[int], taken: set[str]) -> str:
    """It is added to `taken`."""
    names = (_("Équipe {department} {n}").format(department=department.code, n=n) for n in numbers)
    name = next(name for name in names if name.casefold() not in taken)
    taken.add(name.casefold())
    return name


def fingerprint_of(proposed: Iterable[Proposal]) -> str:
    """Another one if anybody would come to another team."""
    shown = [
        [place.team and place.team.name, *(student.pk for student in place.students)]
        for one in proposed
        for place in one.places
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def place(
    waiting: Iterable[Student],
    teams: Sequence[Place],
    *,
    size: int,
    least: int,
    most: int,
    seed: int,
) -> tuple[list[Place], list[Student]]:
    """The teams to which somebody comes, and who is left. First the teams below `least` members,
    then new teams of about `size`, then free seats.
    """
    students = sorted(waiting, key=lambda student: student.pk)
    Random(seed).shuffle(students)  # noqa: S311 - not a secret: the same preview again
    sizes = Counter(student.group for student in students)
    students.sort(key=lambda student: -sizes[student.group])  # the largest groups first
    waiting_count = len(students)
    for team in sorted(teams, key=lambda team: -team.size):
        team.coming = min(max(least - team.size, 0), waiting_count)
        waiting_count -= team.coming
    new = _new(waiting_count, size=size, least=least, most=most)
    waiting_count -= sum(team.coming for team in new)
    while waiting_count and (open_ := [team for team in teams if team.size < most]):
        # Free seats, in the smallest teams first: only what fits into no new team.
        min(open_, key=lambda team: team.size).coming += 1
        waiting_count -= 1
    places = [team for team in (*teams, *new) if team.coming]
    seated = len(students) - waiting_count
    for student in students[:seated]:
        free = [place for place in places if place.free]
        best = min(free, key=lambda place: (place.shared(student), -place.free))
        best.students.append(student)
    return places, students[seated:]


def _new(count: int, *, size: int, least: int, most: int) -> list[Place]:
    fewest, largest = math.ceil(count / most), count // max(least, 1)
    number = min(max(round(count / size), fewest), largest)
    if not number:
        return []
    members, more = divmod(count, number)
    return [Place(coming=min(members + (index < more), most)) for index in range(number)]
