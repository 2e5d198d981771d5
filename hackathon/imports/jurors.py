"""Jurors: rows against the database."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.core.errors import refuse
from hackathon.editions.models import Department, Edition
from hackathon.imports.cells import Wrong, same_name
from hackathon.imports.departments import Departments
from hackathon.imports.enums import Field, ImportKind
from hackathon.imports.errors import ImportRefusal
from hackathon.imports.people import (
    NAMESAKES_MAX,
    ask,
    name_of,
    pks_with_own_name,
    save_email,
    save_name,
)
from hackathon.imports.plan import Plan
from hackathon.imports.references import bound_users
from hackathon.imports.rows import Line, Reading
from judging.enums import JurorKind
from judging.jury.selectors import is_closed
from judging.models import Juror
from judging.setup.rules import appointment_refusal
from teams.models import Membership


def compare(
    edition: Edition,
    reading: Reading,
    *,
    department: Department | None,
    answers: Mapping[str, str],
    at: datetime,
) -> Plan:
    """`department` is that of rows without one. Writes nothing."""
    plan = Plan(reading, ImportKind.JURORS)
    comparison = _Jurors(plan, edition, Departments(edition, department), answers, at)
    wrong = plan.wrong
    for line in reading.lines:
        plan.results[line.row].notes += line.notes
        if line.row not in wrong:
            comparison.read(line)
    comparison.save()
    return plan


class _Jurors:
    """Six queries, and one or two for each department."""

    def __init__(
        self,
        plan: Plan,
        edition: Edition,
        departments: Departments,
        answers: Mapping[str, str],
        at: datetime,
    ) -> None:
        self.plan, self.edition, self.at = plan, edition, at
        self.departments = departments
        self.answers = answers
        emails = {line[Field.EMAIL] for line in plan.reading.lines}
        users = User.objects.annotate(lower=Lower("email")).filter(lower__in=emails)
        self.users: dict[str, User] = {user.email.lower(): user for user in users}
        seats = Juror.objects.filter(department__edition=edition).select_related(
            "department", "user"
        )
        plan.known = frozenset(juror.user.email.lower() for juror in seats)
        self.seats = {(juror.user_id, juror.department_id): juror for juror in seats}
        self.by_name: defaultdict[str, list[User]] = defaultdict(list)
        for seated in {juror.user_id: juror.user for juror in seats}.values():
            if seated.name:
                account = self.users.get(seated.email.lower(), seated)  # one object per account
                self.by_name[same_name(seated.name)].append(account)
        self.teams: defaultdict[int, set[int]] = defaultdict(set)
        for user, department_pk in Membership.objects.filter(edition=edition).values_list(
            "user", "team__department"
        ):
            self.teams[user].add(department_pk)
        for department in departments.all:
            department.edition = edition
        self.closed = {d.pk for d in departments.all if is_closed(d, at=at)}
        self.emails = emails
        self.rows: dict[str, Line] = {}  # the first one of each address
        self.named: dict[int, tuple[Line, User]] = {}  # by id(): the first row with a name
        self.moving: list[tuple[Line, User]] = []  # those with another address in this file
        self.given: dict[tuple[str, int], Line] = {}

    def read(self, line: Line) -> None:
        email = line[Field.EMAIL]
        if not email:
            refusal = refuse(ImportRefusal.VALUE_MISSING, wanted=Field.EMAIL.label)
            self.plan.refuse(line.row, (Field.EMAIL,), refusal)
            return
        first = self.rows.setdefault(email, line)
        if line.name and first.name and same_name(line.name) != same_name(first.name):
            refusal = refuse(ImportRefusal.EMAIL_TWICE, row=first.row, person=first.name)
            self.plan.refuse(line.row, (Field.EMAIL,), refusal)
            return
        user = self._user(line, email)
        for department in self._departments(line):
            self._seat(line, user, department)
        self.plan.include(line.row, user.email, email=email, name=line.name)

    def _user(self, line: Line, email: str) -> User:
        user = self.users.get(email)
        name = name_of(self.plan, [line], user or User())
        if user is None and (user := self._namesake(line)) is not None:
            self.users[email] = user
            self.moving.append((line, user))
        if user is None:
            user = self.users[email] = User(email=email, name=name)
            self.plan.create(user)
            self.plan.mark_created(line.row)
            self.plan.mark_changed(line.row, Field.EMAIL.label, "", email)
            if name:
                self.by_name[same_name(name)].append(user)
        elif not user.is_active:
            refusal = refuse(ImportRefusal.ACCOUNT_INACTIVE, email=email)
            self.plan.refuse(line.row, (Field.EMAIL,), refusal)
        if line.name:
            self.named.setdefault(id(user), (line, user))
        return user

    def _namesake(self, line: Line) -> User | None:
        """A juror of this edition or file with another address, if the organizer answered that they
        are the same person.
        """
        others = self.by_name.get(same_name(line.name), [])[:NAMESAKES_MAX] if line.name else []
        shown = [(other, other.email) for other in others]
        return ask(line, shown, self.plan.questions, self.answers) if others else None

    def save(self) -> None:
        moving = {user.pk for _line, user in self.moving if user.pk is not None}
        bound = bound_users(moving, except_of=self.edition, except_jurors=True)
        for line, user in self.moving:
            # The second address of a file is no better than the first one.
            is_bound = user.pk in bound or user.email.lower() in self.emails
            save_email(self.plan, line.row, user, line[Field.EMAIL], is_bound=is_bound)
        own = pks_with_own_name([u for _line, u in self.named.values() if u.pk is not None])
        for line, user in self.named.values():
            save_name(self.plan, line.row, user, line.name, is_own=user.pk in own)

    def _departments(self, line: Line) -> list[Department]:
        text = line[Field.DEPARTMENT]
        try:
            departments = self.departments.several(text) if text else []
        except Wrong as wrong:
            self.plan.refuse(line.row, (Field.DEPARTMENT,), wrong.refusal)
            return []
        if not departments and self.departments.default:
            departments = [self.departments.default]
        if not departments:
            codes = self.departments.known
            refusal = refuse(ImportRefusal.DEPARTMENT_MISSING, known=codes)
            self.plan.refuse(line.row, (Field.DEPARTMENT,), refusal)
        return departments

    def _seat(self, line: Line, user: User, department: Department) -> None:
        email = user.email.lower()
        first = self.given.setdefault((email, department.pk), line)
        if first is not line:
            self._check_same(line, first)
            return
        juror = self.seats.get((user.pk, department.pk)) if user.pk else None
        if juror is not None and juror.left_at is not None:
            self.plan.note(line.row, _("a quitté le jury : sa place reste vide"))
            return
        in_team = department.pk in self.teams.get(user.pk or 0, ())
        closed = department.pk in self.closed
        kind = line.kind or (juror.kind if juror else JurorKind.TEACHER)
        presides = juror.is_president if juror and line.president is None else bool(line.president)
        if juror is not None and (juror.kind, juror.is_president) == (kind, presides):
            return
        if refusal := appointment_refusal(user, organizer=True, in_team=in_team, closed=closed):
            self.plan.refuse(line.row, (Field.DEPARTMENT, Field.EMAIL), refusal)
            return
        if juror is None:
            juror = Juror(department=department, user=user, kind=kind, is_president=presides)
            juror.seated_at = self.at
            self.plan.create(juror)
            self.plan.mark_created(line.row)
            parts = [department.name, juror.get_kind_display(), _("préside") if presides else ""]
            self.plan.mark_changed(line.row, _("jury"), "", " · ".join(filter(None, parts)))
            return
        self._change(line, juror, kind=kind, is_president=presides)

    def _change(self, line: Line, juror: Juror, *, kind: str, is_president: bool) -> None:
        if juror.kind != kind:
            before = juror.get_kind_display()
            self.plan.set(juror, "kind", kind)
            self.plan.mark_changed(line.row, Field.KIND.label, before, juror.get_kind_display())
        if juror.is_president != is_president:
            shown = {True: _("oui"), False: _("non")}
            before, after = shown[juror.is_president], shown[is_president]
            self.plan.mark_changed(line.row, Field.PRESIDENT.label, before, after)
            self.plan.set(juror, "is_president", is_president)

    def _check_same(self, line: Line, first: Line) -> None:
        if line.kind and first.kind and line.kind != first.kind:
            self._refuse_two(line, first, Field.KIND, line.kind.label, first.kind.label)
        presides = (line.president, first.president)
        if None not in presides and line.president != first.president:
            value, other = (_("oui") if answer else _("non") for answer in presides)
            self._refuse_two(line, first, Field.PRESIDENT, value, other)
        self.plan.note(line.row, _("même personne que la ligne {row}").format(row=first.row))

    def _refuse_two(
        self, line: Line, first: Line, field: Field, value: object, other: object
    ) -> None:
        refusal = refuse(ImportRefusal.CONFLICT, value=value, row=first.row, other=other)
        self.plan.refuse(line.row, (field,), refusal)
