"""No row is taken for a namesake, and no address or department changes without being shown:
for any people of the edition, and files with homonyms, unknown numbers and missing addresses.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports import services, summary
from hackathon.event.imports.enums import ImportKind
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.reading import Table
from hackathon.event.imports.selectors import Options
from hackathon.event.imports.undo import undoing
from teams.models import Membership, Student
from tests.conftest import NOON, make_team
from tests.imports.conftest import examples, whole_database

TITLES = ["Nom complet", "Mail", "N° étudiant", "Département", "Équipe", "Capitaine", "Groupe"]
NAMES = st.sampled_from(["Zoé Durand", "Nour Gauthier", "Özlem Masson"])
CODES = st.sampled_from(["INFO", "INFOCOM", ""])
KINDS = st.sampled_from([ImportKind.STUDENTS, ImportKind.TEAMS])
TEAMS = {"INFO": "Les Élans", "INFOCOM": "Comunik"}
NEW_TEAMS = ["Toute Neuve", "Autre"]


@dataclass(frozen=True)
class Known:
    """A person of the edition. `number` and `department` may be empty."""

    name: str
    mail: str
    number: str
    department: str
    is_placed: bool


@dataclass
class Drawn:
    known: list[Known]
    rows: list[list[str]]
    department: str


@st.composite
def known_people(draw: st.DrawFn) -> list[Known]:
    return [
        Known(
            draw(NAMES),
            f"k{n}@x.fr",
            draw(st.sampled_from(["", f"1000000{n}"])),
            draw(CODES),
            draw(st.booleans()),
        )
        for n in range(draw(st.integers(0, 4)))
    ]


@st.composite
def files(draw: st.DrawFn) -> Drawn:
    known = draw(known_people())
    rows = [TITLES]
    for n in range(draw(st.integers(1, 5))):
        who = draw(st.sampled_from([None, *known]))
        name, mail, number = draw(NAMES), f"n{n}@x.fr", f"2000000{n}"
        if who is not None:
            name, mail, number = who.name, who.mail, who.number
        rows.append(
            [
                name,
                draw(st.sampled_from([mail, ""])),
                draw(st.sampled_from([number, ""])),
                draw(CODES),
                draw(st.sampled_from([*TEAMS.values(), *NEW_TEAMS, ""])),
                draw(st.sampled_from(["oui", "", ""])),
                draw(st.sampled_from(["TD1", "INFOCOM 2", ""])),
            ]
        )
    return Drawn(known, rows, draw(CODES))


def store(edition: Edition, known: list[Known]) -> None:
    departments = {d.code: d for d in edition.departments.all()}
    teams = {code: make_team(departments[code], name) for code, name in TEAMS.items()}
    for one in known:
        user = User.objects.create_user(one.mail, name=one.name)
        department = departments.get(one.department)
        Student.objects.create(
            edition=edition, user=user, number=one.number, department=department, listed_at=NOON
        )
        if one.is_placed and one.department:
            team = teams[one.department]
            is_captain = not team.memberships.exists()
            Membership.objects.create(
                edition=edition, team=team, user=user, joined_at=NOON, is_captain=is_captain
            )


def departments_of(user: User) -> set[str]:
    students = Student.objects.filter(user=user, department__isnull=False)
    members = Membership.objects.filter(user=user)
    return {
        *students.values_list("department__code", flat=True),
        *members.values_list("team__department__code", flat=True),
    }


def humans(rows: list[list[str]], known: list[Known]) -> int:
    """How many people have these rows, each with an address or number that is theirs alone."""
    mails = {one.number: one.mail for one in known if one.number}
    return len(
        {mail or mails.get(number) or f"n{number[-1]}@x.fr" for _n, mail, number, *_ in rows}
    )


def check_counted(plan: Plan, drawn: Drawn) -> None:
    """All rows are in the plan or refused, and two people with an identifier never are one."""
    wrong = plan.wrong
    included = {row for rows in plan.rows_of.values() for row in rows} - wrong
    numbers = range(2, len(drawn.rows) + 1)
    assert included | wrong == set(numbers)
    assert not included & wrong
    identified = [n for n in numbers if n in included and any(drawn.rows[n - 1][1:3])]
    accounts = [account for account, rows in plan.rows_of.items() if rows & set(identified)]
    assert len(accounts) == humans([drawn.rows[n - 1] for n in identified], drawn.known)
    named = {one.row for one in plan.left_out}
    reachable = {row for rows in plan.rows_of.values() if rows - wrong for row in rows}
    assert wrong <= named | reachable
    assert summary.in_file(plan) >= plan.people


def check_same(drawn: Drawn, *, has_answers: bool) -> None:
    """Of the people of the edition; no change of department is confirmed."""
    if has_answers:
        return
    for one in drawn.known:
        user = User.objects.get(email=one.mail)  # of the same address
        assert user.name == one.name
        if one.department:
            assert departments_of(user) == {one.department}
        if not one.number and not any(row[1] == one.mail for row in drawn.rows):
            assert Student.objects.get(user=user).number == ""


def check_shown(plan: Plan, before: dict[str, Any], after: dict[str, Any]) -> None:
    shown = {(c.before, c.after) for r in plan.results.values() for c in r.changes}
    for pk, (mail, department) in before.items():
        if after[pk][0] != mail:
            assert (mail, after[pk][0]) in shown
        if department and after[pk][1] != department:
            assert (department, after[pk][1]) in shown


def stored() -> dict[str, Any]:
    return {
        student.pk: (student.user.email, student.department and str(student.department))
        for student in Student.objects.select_related("user", "department")
    }


def check(edition: Edition, eve: User, kind: ImportKind, drawn: Drawn, *, answers: bool) -> None:
    department = Department.objects.filter(edition=edition, code=drawn.department).first()
    table, chosen = Table(drawn.rows), {"department": department, "may_move": answers}
    plan = services.preview(edition, kind, table, Options(**chosen), at=NOON)
    check_counted(plan, drawn)
    if answers:
        chosen["answers"] = {q.key: q.others[0][0] for q in plan.questions}
        plan = services.preview(edition, kind, table, Options(**chosen), at=NOON)
    chosen["aside"] = {}
    while plan.problems:
        chosen["aside"] |= dict.fromkeys(plan.wrong, "wrong")
        plan = services.preview(edition, kind, table, Options(**chosen), at=NOON)
    whole, before = whole_database(), stored()
    plan, done = services.apply(edition, kind, table, Options(**chosen), by=None, at=NOON)
    assert not plan.problems
    check_same(drawn, has_answers=answers)
    check_shown(plan, before, stored())
    if done is None:
        assert whole_database() == whole
        return
    assert undoing(done).refusal is None
    services.undo_import(done, by=eve, at=NOON)
    assert whole_database() == whole


@examples(60, 600)
@pytest.mark.usefixtures("info", "infocom")
def test_people_of_a_file_stay_who_they_are(count, edition, eve):
    @settings(max_examples=count)
    @given(kind=KINDS, drawn=files(), answers=st.booleans())
    def check_all(kind: ImportKind, drawn: Drawn, answers: bool) -> None:
        with transaction.atomic():
            store(edition, drawn.known)
            check(edition, eve, kind, drawn, answers=answers)
            transaction.set_rollback(True)

    check_all()
