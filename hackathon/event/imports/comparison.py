"""Rows against the database."""

from collections.abc import Mapping
from datetime import datetime

from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports.accounts import People
from hackathon.event.imports.departments import Departments
from hackathon.event.imports.enums import ImportKind
from hackathon.event.imports.jurors import Seats
from hackathon.event.imports.placing import Placing
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.rows import Reading


def compare(
    edition: Edition,
    reading: Reading,
    kind: ImportKind,
    *,
    department: Department | None,
    answers: Mapping[str, str],
    may_move: bool,
    at: datetime,
) -> Plan:
    """`department` is that of rows without one. `may_move`: people may change their department.
    Writes nothing. A constant number of queries.
    """
    plan = Plan(reading, kind)
    departments = Departments(edition, department)
    people = People(plan, edition, departments, answers, at=at)
    places_of = Seats if kind is ImportKind.JURORS else Placing
    places = places_of(plan, edition, departments, at=at)
    places.read(reading.lines, people)
    people.save()
    places.save()
    people.save_departments()
    people.check_departments(may_move=may_move)
    people.note_who_left()
    return plan
