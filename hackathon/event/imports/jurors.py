"""Seats of jurors: rows against the database."""

from collections import defaultdict
from datetime import datetime

from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import refuse
from hackathon.event.editions.models import Department, Edition
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
        self.answers = {True: _("oui"), False: _("non")}
        seats = Juror.objects.filter(department__edition=edition).select_related("department")
        self.seats = {(juror.user_id, juror.department_id): juror for juror in seats}
        self.teams: defaultdict[int, set[int]] = defaultdict(set)
        members = Membership.objects.filter(edition=edition)
        for user, department_pk in members.values_list("user", "team__department"):
            self.teams[user].add(department_pk)
        for department in departments.all:
            department.edition = edition
        self.closed = {d.pk for d in departments.all if is_closed(d, at=at)}
        self.given: dict[tuple[int, int], tuple[Line, Person, Department]] = {}

    def seat(self, person: Person, line: Line) -> None:
        for department in self._departments(line):
            key = id(person), department.pk
            self.given.setdefault(key, (line, person, department))
            if line.kind is not None:
                self.plan.agreed(line.row, key, Field.KIND, line.kind, line.kind.label)
            if line.president is not None:
                shown = self.answers[line.president]
                self.plan.agreed(line.row, key, Field.PRESIDENT, line.president, shown)

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
        for line, person, department in self.given.values():
            self._save_seat(line, person.user, department)

    def _save_seat(self, line: Line, user: User, department: Department) -> None:
        juror = self.seats.get((user.pk, department.pk))
        if juror is not None and juror.left_at is not None:
            self.plan.note(line.row, _("a quitté le jury : sa place reste vide"))
            return
        kind = line.kind or (juror.kind if juror else JurorKind.TEACHER)
        presides = juror.is_president if juror and line.president is None else bool(line.president)
        if juror is not None and (juror.kind, juror.is_president) == (kind, presides):
            return
        in_team, closed = department.pk in self.teams[user.pk], department.pk in self.closed
        if refusal := appointment_refusal(user, organizer=True, in_team=in_team, closed=closed):
            self.plan.refuse(line.row, (Field.DEPARTMENT, Field.EMAIL), refusal)
        elif juror is None:
            juror = Juror(department=department, user=user, kind=kind, is_president=presides)
            juror.seated_at = self.at
            self.plan.create(juror)
            self.plan.mark_created(line.row)
            parts = [department.name, juror.get_kind_display(), _("préside") if presides else ""]
            self.plan.mark_changed(line.row, _("jury"), "", " · ".join(filter(None, parts)))
        else:
            self._change(line, juror, kind=kind, is_president=presides)

    def _change(self, line: Line, juror: Juror, *, kind: str, is_president: bool) -> None:
        if juror.kind != kind:
            before = juror.get_kind_display()
            self.plan.set(juror, "kind", kind)
            self.plan.mark_changed(line.row, Field.KIND.label, before, juror.get_kind_display())
        if juror.is_president != is_president:
            before, after = self.answers[juror.is_president], self.answers[is_president]
            self.plan.mark_changed(line.row, Field.PRESIDENT.label, before, after)
            self.plan.set(juror, "is_president", is_president)
