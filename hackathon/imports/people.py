"""The people of an edition, as an import finds them: by student number, by address, by name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.accounts.selectors import pks_with_chosen_name
from hackathon.core.errors import Refusal, refuse
from hackathon.editions.models import Department, Edition
from hackathon.imports import cells
from hackathon.imports.enums import Field
from hackathon.imports.errors import ImportRefusal
from hackathon.imports.plan import Plan, Question
from hackathon.imports.rows import NAMES, Line, Problem
from hackathon.imports.texts import is_damaged
from teams.models import Membership, Student

# No list of a school has more. Each row is compared with so many others, and each is a question.
NAMESAKES_MAX = 10
ROWS_OF_ONE_MAX = 100


@dataclass(eq=False)
class Person:
    user: User
    student: Student | None = None
    membership: Membership | None = None
    lines: list[Line] = field(default_factory=list)  # of this file, in order
    before: tuple[Department, ...] = ()  # those before the import, or of the row of a new person

    @property
    def row(self) -> int:
        return self.lines[0].row

    @property
    def number(self) -> str:
        of_file = next((line[Field.NUMBER] for line in self.lines if line[Field.NUMBER]), "")
        return of_file or (self.student.number if self.student else "")

    @property
    def departments(self) -> tuple[Department, ...]:
        """That of the list of students, and that of the team."""
        of_list = self.student.department if self.student else None
        team = self.membership.team if self.membership else None
        of_team = team.department if team and team.department_id else None
        return tuple(department for department in (of_list, of_team) if department)

    @property
    def shown(self) -> str:
        codes = dict.fromkeys(department.code for department in self.before)
        group = self.student.group if self.student else ""
        return " · ".join(filter(None, (self.user.email, *codes, group)))

    @property
    def name(self) -> str:
        of_file = next((line.name for line in self.lines if line.name), "")
        return of_file or self.user.name


class Unresolved(Exception):
    def __init__(self, columns: tuple[Field, ...], refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.columns = columns
        self.refusal = refusal


class Directory:
    def __init__(self, edition: Edition, emails: Iterable[str], answers: Mapping[str, str]) -> None:
        """Three queries."""
        self.answers = answers
        self.by_email: dict[str, Person] = {}
        self.by_number: dict[str, Person] = {}
        self.by_name: defaultdict[str, list[Person]] = defaultdict(list)
        self.questions: list[Question] = []
        for student in Student.objects.select_related("user", "department").filter(edition=edition):
            person = self._add(student.user)
            person.student = student
            if student.number:
                self.by_number[_number(student.number)] = person
        members = Membership.objects.select_related("user", "team__department")
        for membership in members.filter(edition=edition):
            self._add(membership.user).membership = membership
        self.emails = frozenset(self.by_email)  # of the people of the edition
        for person in self.by_email.values():
            person.before = person.departments
            if person.user.name:
                self.by_name[cells.same_name(person.user.name)].append(person)
        others = User.objects.annotate(lower=Lower("email")).filter(lower__in=set(emails))
        for user in others:
            self._add(user)

    def _add(self, user: User) -> Person:
        return self.by_email.setdefault(user.email.lower(), Person(user))

    def find(self, line: Line, department: Department | None) -> Person:
        """Adds the line, of the department, to the person. Raises `Unresolved`."""
        number, email = _number(line[Field.NUMBER]), line[Field.EMAIL]
        numbered, addressed = self.by_number.get(number), self.by_email.get(email)
        if numbered and addressed and numbered is not addressed:
            raise self._contradiction(line, numbered, addressed)
        person = numbered or addressed
        if person is None:
            person = self._by_name(line, department)
        elif person.lines:
            _check_same(line, person)
        if not person.user.is_active:
            refusal = refuse(ImportRefusal.ACCOUNT_INACTIVE, email=person.user.email)
            raise Unresolved((Field.EMAIL, Field.NUMBER), refusal)
        person.lines.append(line)
        if number:
            self.by_number[number] = person
        if email:
            self.by_email[email] = person
        return person

    def known(self, line: Line) -> Person | None:
        """As `find`, but creates no person and adds no line."""
        number, email = _number(line[Field.NUMBER]), line[Field.EMAIL]
        person = self.by_number.get(number) or self.by_email.get(email)
        return person if person or number or email else self.named("", line.name)

    def named(self, email: str, name: str, department: Department | None = None) -> Person | None:
        """The person with this address or, without an address, the only one with this name."""
        if email:
            return self.by_email.get(email)
        near = _near(self.by_name.get(cells.same_name(name), []), department)
        return near[0] if len(near) == 1 else None

    def _by_name(self, line: Line, department: Department | None) -> Person:
        """A line with only a name is about the only person with it in the department. Otherwise an
        organizer answers whether it is about one of the namesakes. Without an answer the line is
        about a new person, and is refused if it has no address. Two different student numbers are
        two people, without a question.
        """
        number, email, key = line[Field.NUMBER], line[Field.EMAIL], cells.same_name(line.name)
        namesakes = self.by_name.get(key, []) if key else []
        namesakes = [other for other in namesakes if not (number and other.number)]
        near = _near(namesakes, department)
        if len(near) == 1 and not (number or email):
            return near[0]
        if namesakes:
            others = [*near, *(other for other in namesakes if other not in near)]
            likely = near[0].user.email if department and len(near) == 1 else ""
            shown = [(other.user, other.shown) for other in others]
            chosen = ask(line, shown, self.questions, self.answers, likely=likely)
            if chosen is not None:
                return next(other for other in others if other.user is chosen)
        if not email:
            raise self._unknown(line, is_ambiguous=bool(namesakes))
        person = Person(User(email=email), before=(department,) if department else ())
        if key and len(namesakes) < NAMESAKES_MAX:
            self.by_name[key].append(person)
        return person

    def _unknown(self, line: Line, *, is_ambiguous: bool) -> Unresolved:
        number = line[Field.NUMBER]
        if is_ambiguous:
            return Unresolved(NAMES, refuse(ImportRefusal.NAME_AMBIGUOUS, value=line.name))
        if not (number or line.name):
            refusal = refuse(ImportRefusal.VALUE_MISSING, wanted=Field.EMAIL.label)
            return Unresolved((Field.EMAIL, Field.NUMBER), refusal)
        columns = (Field.NUMBER,) if number else (Field.EMAIL, *NAMES)
        return Unresolved(columns, refuse(ImportRefusal.PERSON_UNKNOWN, value=number or line.name))

    def _contradiction(self, line: Line, numbered: Person, addressed: Person) -> Unresolved:
        if addressed.lines:
            name = addressed.name or addressed.user.email
            refusal = refuse(ImportRefusal.EMAIL_TWICE, row=addressed.row, person=name)
            return Unresolved((Field.EMAIL,), refusal)
        if numbered.lines:
            email = next((x[Field.EMAIL] for x in numbered.lines if x[Field.EMAIL]), "")
            refusal = refuse(ImportRefusal.NUMBER_TWICE, row=numbered.row, email=email)
            return Unresolved((Field.NUMBER,), refusal)
        refusal = refuse(
            ImportRefusal.EMAIL_TAKEN,
            email=line[Field.EMAIL],
            person=addressed.user.display_name,
        )
        return Unresolved((Field.EMAIL,), refusal)


def ask(
    line: Line,
    others: Sequence[tuple[User, str]],
    questions: list[Question],
    answers: Mapping[str, str],
    *,
    likely: str = "",
) -> User | None:
    """Adds the question whether the person of the line is one of these namesakes, each with a text.
    Without an answer it is none.
    """
    said = line[Field.EMAIL] or line[Field.NUMBER]
    shown = tuple((user.email, text) for user, text in others)
    key = f"{line.row} {said or line.name}"
    question = Question(key, line.row, line.name, said, shown, likely)
    questions.append(question)
    answer = answers.get(question.key)
    return next((user for user, _text in others if user.email == answer), None)


def _near(people: Sequence[Person], department: Department | None) -> list[Person]:
    """Those who are, or may be, in the department."""
    return [p for p in people if not (department and p.before) or department in p.before]


def pks_with_own_name(users: Iterable[User]) -> set[int]:
    """Users whose name an import must not change: they or an organizer chose it. Two queries."""
    staff = {user.pk for user in users if user.is_staff}
    used = [user.pk for user in users if user.last_login is not None]
    if not used:
        return staff
    organizers = User.objects.filter(pk__in=used, organized__isnull=False)
    return staff | pks_with_chosen_name(used) | set(organizers.values_list("pk", flat=True))


def save_email(plan: Plan, row: int, user: User, email: str, *, is_bound: bool) -> None:
    if not email or email == user.email.lower():
        return
    if user.last_login is not None or user.is_staff or is_bound:
        text = _("garde son adresse {email}, qui lui sert déjà ailleurs")
        plan.keep(row, text.format(email=user.email))
    else:
        plan.mark_changed(row, Field.EMAIL.label, user.email, email, user=user)
        plan.set(user, "email", email)


def name_of(plan: Plan, lines: Iterable[Line], user: User) -> str:
    """What the lines of a person say. A damaged name is only for who has no other one: otherwise
    it is noted, and empty.
    """
    damaged = next((line for line in lines if line.damaged), None)
    name = next((line.name for line in lines if line.name), "")
    if damaged is None or (name and not user.name):
        return name
    if name or user.name:
        text = _("« {damaged} » a perdu des lettres : le nom reste « {name} »")
        plan.note(damaged.row, text.format(damaged=damaged.damaged, name=name or user.name))
    elif is_damaged(damaged.damaged):
        refusal = refuse(ImportRefusal.DAMAGED, value=cells.shown(damaged.damaged))
        plan.problems.append(Problem(damaged.row, damaged.damaged_in, refusal))
    else:
        text = _("« {name} » a peut-être perdu des lettres : corrigez ce nom")
        plan.note(damaged.row, text.format(name=damaged.damaged))
        return damaged.damaged
    return name


def save_name(plan: Plan, row: int, user: User, name: str, *, is_own: bool) -> None:
    if not name or cells.is_poorer(name, user.name):
        return
    if is_own and user.name:
        text = _("garde son nom, « {name} » : cette personne est seule à pouvoir le changer")
        plan.keep(row, text.format(name=user.name))
    else:
        plan.mark_changed(row, Field.FULL_NAME.label, user.name, name, user=user)
        plan.set(user, "name", name)


def _check_same(line: Line, person: Person) -> None:
    """A person may have several rows in a file, one for each group. Raises `Unresolved` if they
    contradict each other, or are too many.
    """
    if len(person.lines) >= ROWS_OF_ONE_MAX:
        refusal = refuse(ImportRefusal.ROWS_OF_ONE, row=person.row, max=ROWS_OF_ONE_MAX)
        raise Unresolved((Field.EMAIL, Field.NUMBER), refusal)
    for earlier in person.lines:
        emails = {e for e in (line[Field.EMAIL], earlier[Field.EMAIL]) if e}
        numbers = {_number(n) for n in (line[Field.NUMBER], earlier[Field.NUMBER]) if n}
        names = {cells.same_name(n) for n in (line.name, earlier.name) if n}
        if len(emails) > 1:
            refusal = refuse(
                ImportRefusal.NUMBER_TWICE, row=earlier.row, email=earlier[Field.EMAIL]
            )
            raise Unresolved((Field.NUMBER,), refusal)
        if len(names) > 1 and emails and not line[Field.EMAIL]:
            refusal = refuse(
                ImportRefusal.CONFLICT, value=line.name, row=earlier.row, other=earlier.name
            )
            raise Unresolved(NAMES, refusal)
        if len(numbers) > 1 or (len(names) > 1 and emails):
            name = earlier.name or earlier[Field.EMAIL]
            refusal = refuse(ImportRefusal.EMAIL_TWICE, row=earlier.row, person=name)
            raise Unresolved((Field.EMAIL,), refusal)


def _number(text: str) -> str:
    """A spreadsheet may have dropped the zeros at the beginning."""
    return text.casefold().lstrip("0") or text[:1]
