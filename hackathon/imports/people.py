"""The people of an edition, as an import finds them: by student number, then by address."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.accounts.selectors import pks_with_chosen_name
from hackathon.core.errors import Refusal, refuse
from hackathon.editions.models import Edition
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

    @property
    def row(self) -> int:
        return self.lines[0].row

    @property
    def number(self) -> str:
        of_file = next((line[Field.NUMBER] for line in self.lines if line[Field.NUMBER]), "")
        return of_file or (self.student.number if self.student else "")

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
    def __init__(self, edition: Edition, emails: Iterable[str]) -> None:
        """Three queries."""
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
        for person in self.by_email.values():
            if person.user.name:
                self.by_name[cells.same_name(person.user.name)].append(person)
        others = User.objects.annotate(lower=Lower("email")).filter(lower__in=set(emails))
        for user in others:
            self._add(user)

    def _add(self, user: User) -> Person:
        return self.by_email.setdefault(user.email.lower(), Person(user))

    def find(self, line: Line, answers: dict[str, str]) -> Person:
        """Adds the line to the person. Raises `Unresolved`."""
        number, email = _number(line[Field.NUMBER]), line[Field.EMAIL]
        numbered, addressed = self.by_number.get(number), self.by_email.get(email)
        if numbered and addressed and numbered is not addressed:
            raise self._contradiction(line, numbered, addressed)
        person = numbered or addressed
        if person is None:
            person = self._new(line, answers) if email else self._named(line)
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

    def named(self, email: str, name: str) -> Person | None:
        """The person with this address or, without an address, the only one with this name."""
        if email:
            return self.by_email.get(email)
        namesakes = self.by_name.get(cells.same_name(name), [])
        return namesakes[0] if len(namesakes) == 1 else None

    def _named(self, line: Line) -> Person:
        namesakes = self.by_name.get(cells.same_name(line.name), []) if line.name else []
        namesakes = [p for p in namesakes if not (line[Field.NUMBER] and p.number)]
        if len(namesakes) > 1:
            refusal = refuse(ImportRefusal.NAME_AMBIGUOUS, value=line.name)
            raise Unresolved(NAMES, refusal)
        if namesakes:
            return namesakes[0]
        if not (line[Field.NUMBER] or line.name):
            refusal = refuse(ImportRefusal.VALUE_MISSING, wanted=Field.EMAIL.label)
            raise Unresolved((Field.EMAIL, Field.NUMBER), refusal)
        columns = (Field.NUMBER,) if line[Field.NUMBER] else (Field.EMAIL, *NAMES)
        value = line[Field.NUMBER] or line.name
        raise Unresolved(columns, refuse(ImportRefusal.PERSON_UNKNOWN, value=value))

    def _new(self, line: Line, answers: dict[str, str]) -> Person:
        """Creates a person, unless an organizer has answered that a namesake is the same one. Two
        different student numbers are two people, without a question.
        """
        key = cells.same_name(line.name)
        for other in self.by_name.get(key, [])[:NAMESAKES_MAX] if key else []:
            if line[Field.NUMBER] and other.number:
                continue
            if is_same(line, other.user, self.questions, answers):
                return other
        person = Person(User(email=line[Field.EMAIL]))
        if key:
            self.by_name[key].append(person)
        return person

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


def is_same(line: Line, other: User, questions: list[Question], answers: Mapping[str, str]) -> bool:
    """Adds the question whether a row is about a namesake with another address. Without an answer
    it is not.
    """
    email = line[Field.EMAIL]
    question = Question(f"{email}={other.email}", line.row, line.name, email, other.email)
    questions.append(question)
    return answers.get(question.key) == "same"


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
