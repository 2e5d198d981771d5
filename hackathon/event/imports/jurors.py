"""Seats of jurors: rows against the database."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from hackathon.base.core.errors import refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports.accounts import People
from hackathon.event.imports.cells import Wrong
from hackathon.event.imports.departments import Departments
from hackathon.event.imports.enums import Field
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.people import Person
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.rows import Line
from judging.enums import JurorKind
from judging.jury.selectors import is_closed
from judging.models import Juror
from judging.setup.rules import appointment_refusal
from teams.models import Membership


class Seats:
    """Two queries, and one or two for each department."""

    def __init__(
        self, plan: Plan, edition: Edition, departments: Departments, *, at: datetime
    ) -> None:
        self.plan, self.departments, self.at = plan, departments, at
        seats = Juror.objects.filter(department__edition=edition).select_related("department")
        self.seats = {(juror.user_id, juror.department_id): juror for juror in seats}
        self.teams: defaultdict[int, set[int]] = defaultdict(set)
        members = Membership.objects.filter(edition=edition)
        for user, department_pk in members.values_list("user", "team__department"):
            self.teams[user].add(department_pk)
        for department in departments.all:
            department.edition = edition
        self.closed = {d.pk for d in departments.all if is_closed(d, at=at)}
        self.rows: dict[tuple[Person, Department], int] = {}  # the first of each seat

    def read(self, lines: Iterable[Line], people: People) -> None:
        for line in lines:
            if not line[Field.EMAIL]:
                people.missing(line, Field.EMAIL)
            elif (person := people.of_row(line, None)) is not None:
                for department in self._departments(line):
                    seat = person, department
                    self.rows.setdefault(seat, line.row)
                    self.plan.give(line.row, seat, Field.KIND, line.kind)
                    self.plan.give(line.row, seat, Field.PRESIDENT, line.president)

    def _departments(self, line: Line) -> list[Department]:
        text = line[Field.DEPARTMENT]
        try:
            departments = self.departments.several(text) if text else []
        except Wrong as wrong:
            self.plan.refuse(line.row, (Field.DEPARTMENT,), wrong.refusal)
            return []
        if not departments and self.departments.default:
            return [self.departments.default]
        if not departments:
            codes = self.departments.known
            refusal = refuse(ImportRefusal.DEPARTMENT_MISSING, known=codes)
            self.plan.refuse(line.row, (Field.DEPARTMENT,), refusal)
        return departments

    def save(self) -> None:
        for seat, row in self.rows.items():
            user, department = seat[0].user, seat[1]
            juror = self.seats.get((user.pk, department.pk))
            if juror is None:
                juror = Juror(department=department, user=user, kind="", seated_at=self.at)
                self.plan.create(juror)
                self.plan.mark_created(row)
                self.plan.mark_changed(row, _("jury"), "", department.name)
                self.plan.given.setdefault((seat, Field.KIND), (JurorKind.TEACHER, row))
            elif juror.left_at is not None:
                self.plan.note(row, _("a quitté le jury : sa place reste vide"))
                continue
            self.plan.fill(juror, seat, {Field.KIND: "kind", Field.PRESIDENT: "is_president"})
            if juror.pk is None or id(juror) in self.plan.edits:
                in_team, closed = department.pk in self.teams[user.pk], department.pk in self.closed
                if refusal := appointment_refusal(
                    user, organizer=True, in_team=in_team, closed=closed
                ):
                    self.plan.refuse(row, (Field.DEPARTMENT, Field.EMAIL), refusal)
