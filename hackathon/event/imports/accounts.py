"""The people of a file against the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from hackathon.base.core.errors import refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports import cells
from hackathon.event.imports.departments import Departments
from hackathon.event.imports.enums import Field, ImportKind
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.people import (
    Directory,
    Person,
    pks_with_own_name,
    same_number,
)
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.references import bound_users
from hackathon.event.imports.rows import JOINED, LIMITS, Line, Reading, joined
from teams.models import Student


class People:
    """Their accounts and entries in the list of students."""

    def __init__(
        self,
        plan: Plan,
        edition: Edition,
        departments: Departments,
        answers: Mapping[str, str],
        *,
        at: datetime,
    ) -> None:
        self.plan, self.at = plan, at
        self.edition = edition
        self.kind = plan.kind
        self.departments = departments
        self.directory = Directory(edition, plan.kind, _emails(plan.reading), answers)
        plan.known, plan.questions = self.directory.emails, self.directory.questions
        self.people: dict[Person, None] = {}  # in the order of the file
        self.department_of: dict[int, Department] = {}  # by row
        self.guessed: set[int] = set()  # rows whose department is that of a group or programme
        self.wrong = plan.wrong
        self.wrong_cells = {(problem.row, problem.column) for problem in plan.problems}

    def department(self, line: Line) -> Department | None:
        if text := line[Field.DEPARTMENT]:
            try:
                self.department_of[line.row] = self.departments.get(text)
            except cells.Wrong as wrong:
                self.plan.refuse(line.row, (Field.DEPARTMENT,), wrong.refusal)
        elif department := self.departments.given:
            self.department_of[line.row] = department
        elif department := (
            self.departments.likely(line[Field.PROGRAMME])
            or self.departments.likely(line[Field.GROUP])
        ):
            self.department_of[line.row] = department
            self.guessed.add(line.row)
        return self.department_of.get(line.row)

    def of_row(self, line: Line, near: Department | None) -> Person | None:
        identifier = line[Field.EMAIL] or line[Field.NUMBER] or line.name
        if line.row in self.wrong or (self.kind is ImportKind.TEAMS and not identifier):
            return None
        return self.find(line, near)

    def find(
        self, line: Line, near: Department | None, columns: tuple[Field, ...] = ()
    ) -> Person | None:
        """`columns`: where an error is shown, instead of those of the person of the row."""
        try:
            person = self.directory.find(line, near)
        except cells.Wrong as error:
            self.plan.refuse(line.row, columns or error.columns, error.refusal)
            return None
        self.plan.include(line.row, person.user.email, email=line[Field.EMAIL], name=line.name)
        self.people.setdefault(person)
        return person

    def save(self) -> None:
        """The changes of a person are shown on the first of their rows."""
        with_new_email = {
            person.user.pk
            for person in self.people
            if person.user.pk is not None and _email(person) not in ("", person.user.email.lower())
        }
        # Used outside the lists of this edition: their address must not change.
        of_jurors = self.kind is ImportKind.JURORS
        bound = bound_users(with_new_email, except_of=self.edition, except_jurors=of_jurors)
        named = pks_with_own_name([p.user for p in self.people if p.user.pk is not None])
        for person in self.people:
            pk = person.user.pk
            self._save_user(person, is_bound=pk in bound, has_own_name=pk in named)
            if not of_jurors:
                self._save_student(person)
            for line in person.lines[1:]:
                if line.row != person.row:
                    text = _("même personne que la ligne {row}").format(row=person.row)
                    self.plan.note(line.row, text)

    def save_departments(self) -> None:
        """A student whom no list gives a department has that of the team."""
        for person in self.people:
            student, membership = person.student, person.membership
            team = membership.team if membership else None
            department = team.department if team and team.department_id else None
            if student is None or student.department_id is not None or department is None:
                continue
            if student.pk is not None:
                self.plan.change(person.row, student, "department", department, user=person.user)
            student.department = department

    def check_departments(self, *, may_move: bool) -> None:
        """Refuses those who would change their department, by their row or because of a team."""
        for person in self.people:
            new = [d for d in person.departments if d not in person.before] if person.before else []
            if not new:
                continue
            before, after = person.before[0], new[0]
            self.plan.moved[f"{before.code} → {after.code}"] += 1
            if not may_move:
                refusal = refuse(
                    ImportRefusal.DEPARTMENT_CHANGES,
                    person=person.user.display_name,
                    before=before,
                    after=after,
                )
                self.plan.refuse(person.row, (Field.DEPARTMENT, Field.TEAM), refusal)

    def note_who_left(self) -> None:
        """An import deletes no membership and no entry of the list: the preview has a note for each
        person who has left the school and still has one.
        """
        for line in self.plan.reading.left:
            person = self.directory.known(line)
            if person is None or person.lines:  # this file has them in another row, as staying
                continue
            name = person.user.display_name
            if person.membership is not None:
                text = _(
                    "{person} a quitté la formation, mais est encore dans l’équipe « {team} » : "
                    "retirez cette personne de l’équipe"
                )
                team = person.membership.team.name
                self.plan.note(line.row, text.format(person=name, team=team))
            elif person.student is not None:
                text = _("{person} a quitté la formation, mais reste dans la liste des étudiants")
                self.plan.note(line.row, text.format(person=name))

    def _save_user(self, person: Person, *, is_bound: bool, has_own_name: bool) -> None:
        user, row = person.user, person.row
        email = _email(person)
        name = next((line.name for line in person.lines if line.name), "")
        if user.pk is None:
            user.email, user.name = email, name
            self.plan.create(user)
            self.plan.mark_created(row)
            self.plan.mark_changed(row, Field.EMAIL.label, "", email, user=user)
            if name:
                self.plan.mark_changed(row, Field.FULL_NAME.label, "", name, user=user)
            return
        if email and email != user.email.lower():
            if user.last_login is not None or user.is_staff or is_bound:
                text = _("garde son adresse {email}, qui lui sert déjà ailleurs")
                self.plan.keep(row, text.format(email=user.email))
            else:
                self.plan.change(row, user, "email", email, user=user)
        if name and not cells.is_poorer(name, user.name):
            if has_own_name and user.name:
                text = _(
                    "garde son nom, « {name} » : cette personne est seule à pouvoir le changer"
                )
                self.plan.keep(row, text.format(name=user.name))
            else:
                self.plan.change(row, user, "name", name, user=user)

    def _save_student(self, person: Person) -> None:
        student = person.student
        values = self._given(person)
        if student is None:
            if person.membership is not None and not any(values.values()):
                return
            student = Student(edition=self.edition, user=person.user, listed_at=self.at)
            person.student = student
            self.plan.create(student)
            if person.user.pk is not None and not any(values.values()):
                label = _("inscription")
                self.plan.mark_changed(person.row, label, "", _("oui"), user=person.user)
        for field, value in values.items():
            is_same = field == "number" and same_number(student.number) == same_number(value)
            if value and not is_same:
                self.plan.change(person.row, student, field, value, user=person.user)

    def _given(self, person: Person) -> dict[str, Any]:
        lines = person.lines
        values: dict[str, Any] = {
            # `people.Directory` has found that several numbers are of one person.
            "number": next((line[Field.NUMBER] for line in lines if line[Field.NUMBER]), ""),
            "programme": _joined(person, Field.PROGRAMME),
            "group": _joined(person, Field.GROUP),
        }
        if self.kind is ImportKind.STUDENTS:
            # One that is guessed never replaces a known one.
            ignored = self.guessed if person.user.pk and person.before else set()
            given = [line.row for line in lines if line.row not in ignored]
            departments = [(r, self.department_of[r]) for r in given if r in self.department_of]
            for row, department in departments:
                self.plan.give(row, person, Field.DEPARTMENT, department)
            values["department"] = departments[0][1] if departments else None
        return values

    def missing(self, line: Line, field: Field) -> None:
        """Unless the cell has a value that is wrong."""
        if (line.row, self.plan.reading.columns.title(field)) in self.wrong_cells:
            return
        refusal = refuse(ImportRefusal.VALUE_MISSING, wanted=field.label)
        self.plan.refuse(line.row, (field,), refusal)


def _emails(reading: Reading) -> list[str]:
    people = [person for line in reading.lines for person in line.members]
    people += [line.captain_named for line in reading.lines if line.captain_named]
    own = [line[Field.EMAIL] for line in reading.lines]
    return [email for email in (*own, *(email for email, _name in people)) if email]


def _email(person: Person) -> str:
    return next((line[Field.EMAIL] for line in person.lines if line[Field.EMAIL]), "")


def _joined(person: Person, field: Field) -> str:
    parts = [part for line in person.lines for part in line[field].split(JOINED) if part]
    return joined(parts, LIMITS[field])
