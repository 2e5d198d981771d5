import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.core.selectors import get_or_not_found
from hackathon.editions.models import Department, Edition
from hackathon.imports import completion
from hackathon.imports.enums import Field, ImportKind
from hackathon.imports.models import ColumnMapping, Import
from teams.models import Membership, Student, Team


def remembered_fields(edition: Edition, kind: ImportKind) -> dict[str, Field]:
    mappings = ColumnMapping.objects.filter(edition=edition, kind=kind)
    return {title: Field(field) for title, field in mappings.values_list("title", "field")}


def imports_of(edition: Edition) -> list[Import]:
    """Those that were applied, newest first, without what they wrote. One query."""
    applied = Import.objects.filter(edition=edition, applied_at__isnull=False).select_related("by")
    return list(applied.defer("record", "content"))


def get_draft(edition: Edition, pk: int) -> Import:
    drafts = Import.objects.filter(edition=edition, applied_at__isnull=True)
    return get_or_not_found(drafts, pk=pk)


def rest_of(edition: Edition, by: User) -> Import | None:
    """The rows that `by` set aside at the last import."""
    drafts = Import.objects.filter(edition=edition, by=by, applied_at__isnull=True)
    return drafts.filter(options__is_rest=True).defer("content").first()


def get_import(edition: Edition, pk: int) -> Import:
    done = Import.objects.filter(edition=edition, applied_at__isnull=False)
    return get_or_not_found(done, pk=pk)


@dataclass(frozen=True)
class Options:
    """`department` is that of rows without one. `answers`: the address of a namesake by the key of
    a question. `aside`: why a row is set aside. `may_move`: people may change their department.
    """

    mapping: Mapping[str, Field] = field(default_factory=dict)
    department: Department | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[int, str] = field(default_factory=dict)
    may_move: bool = False


def options_of(draft: Import) -> Options:
    stored = draft.options
    departments = Department.objects.filter(edition=draft.edition_id, pk=stored.get("department"))
    return Options(
        mapping={title: Field(name) for title, name in stored.get("mapping", {}).items()},
        department=departments.first(),
        answers=stored.get("answers", {}),
        aside={int(row): why for row, why in stored.get("aside", {}).items()},
        may_move=stored.get("may_move", False),
    )


# ---------------------------------------------------------------- students without a team


@dataclass(frozen=True)
class DepartmentProposal:
    """`names` of the teams, in the order of the places; `students` and `teams` are by id."""

    department: Department
    proposal: completion.Proposal
    names: list[str]
    students: Mapping[int, Student]
    teams: Mapping[int, Team]

    @property
    def lines(self) -> list[tuple[str, bool, list[Student]]]:
        """Name of the team, whether it is new, and who comes."""
        return [
            (name, place.existing is None, [self.students[p.key] for p in place.people])
            for name, place in zip(self.names, self.proposal.places, strict=True)
        ]

    @property
    def left(self) -> list[Student]:
        return [self.students[person.key] for person in self.proposal.left]


def proposals(
    edition: Edition, *, department: Department | None, size: int, seed: int
) -> list[DepartmentProposal]:
    """For each department with students without a team. Four queries."""
    students = Student.objects.filter(edition=edition).select_related("user")
    by_user = {student.user_id: student for student in students}
    members: dict[int, list[Student | None]] = defaultdict(list)
    placed = set()
    for user, team in Membership.objects.filter(edition=edition).values_list("user", "team"):
        members[team].append(by_user.get(user))
        placed.add(user)
    every = list(Team.objects.filter(edition=edition).order_by("pk"))
    taken = {team.name.casefold() for team in every}
    departments = edition.departments.all() if department is None else [department]
    by_department = []
    for one in departments:
        waiting = {
            student.pk: student
            for user, student in by_user.items()
            if student.department_id == one.pk and user not in placed and student.user.is_active
        }
        teams = {team.pk: team for team in every if team.department_id == one.pk}
        proposal = completion.propose(
            map(_person, waiting.values()),
            [
                completion.Existing(pk, tuple(_person(member) for member in members[pk]))
                for pk, team in teams.items()
                if team.absent_at is None
            ],
            size=size,
            least=edition.team_size_min,
            most=edition.team_size_max,
            seed=seed,
        )
        if waiting:
            names = _names(one, proposal, teams, taken)
            by_department.append(DepartmentProposal(one, proposal, names, waiting, teams))
    return by_department


def _person(student: Student | None) -> completion.Person:
    """A member who is not in the lists of the school shares nothing with anybody."""
    if student is None:
        return completion.Person(0)
    return completion.Person(student.pk, student.group, student.programme)


def _names(
    department: Department,
    proposal: completion.Proposal,
    teams: Mapping[int, Team],
    taken: set[str],
) -> list[str]:
    """Those of new teams are added to `taken`."""
    numbers = count(1)
    names = []
    for place in proposal.places:
        if place.existing is not None:
            names.append(teams[place.existing.key].name)
            continue
        name = next(
            name
            for number in numbers
            if (name := _("Équipe {department} {n}").format(department=department.code, n=number))
            and name.casefold() not in taken
        )
        taken.add(name.casefold())
        names.append(name)
    return names


def fingerprint_of(proposed: Iterable[DepartmentProposal]) -> str:
    """Another one if anybody would come to another team."""
    shown = [
        [name, *(student.pk for student in students)]
        for one in proposed
        for name, _new, students in one.lines
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]
