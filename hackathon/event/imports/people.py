"""The people of an edition, as an import finds them: by student number, by address, by name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models.functions import Lower

from hackathon.base.accounts.models import User
from hackathon.base.accounts.selectors import pks_with_chosen_name
from hackathon.base.core.errors import refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports import cells
from hackathon.event.imports.cells import Wrong
from hackathon.event.imports.enums import Field, ImportKind
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.plan import Question
from hackathon.event.imports.rows import NAMES, Line
from judging.models import Juror
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


class Directory:
    """The people of a list of jurors are those of the juries, of another list students and members
    of teams. Three queries.
    """

    def __init__(
        self, edition: Edition, kind: ImportKind, emails: Iterable[str], answers: Mapping[str, str]
    ) -> None:
        self.answers = answers
        self.by_email: dict[str, Person] = {}
        self.by_number: dict[str, Person] = {}
        self.by_name: defaultdict[str, list[Person]] = defaultdict(list)
        self.questions: list[Question] = []
        if kind is ImportKind.JURORS:
            for juror in Juror.objects.select_related("user").filter(department__edition=edition):
                self._add(juror.user)
        else:
            self._add_students(edition)
        self.emails = frozenset(self.by_email)  # of the people of the edition
        for person in self.by_email.values():
            person.before = person.departments
            if person.user.name:
                self.by_name[cells.same_name(person.user.name)].append(person)
        others = User.objects.annotate(lower=Lower("email")).filter(lower__in=set(emails))
        for user in others:
            self._add(user)

    def _add_students(self, edition: Edition) -> None:
        for student in Student.objects.select_related("user", "department").filter(edition=edition):
            person = self._add(student.user)
            person.student = student
            if student.number:
                self.by_number[same_number(student.number)] = person
        members = Membership.objects.select_related("user", "team__department")
        for membership in members.filter(edition=edition):
            self._add(membership.user).membership = membership

    def _add(self, user: User) -> Person:
        return self.by_email.setdefault(user.email.lower(), Person(user))

    def find(self, line: Line, department: Department | None) -> Person:
        """Adds the line, of the department, to the person. Raises `Wrong`."""
        number, email = same_number(line[Field.NUMBER]), line[Field.EMAIL]
        numbered, addressed = self.by_number.get(number), self.by_email.get(email)
        if numbered and addressed and numbered is not addressed:
            name = addressed.name or addressed.user.email
            refusal = refuse(ImportRefusal.EMAIL_TAKEN, email=line[Field.EMAIL], person=name)
            raise Wrong(refusal, Field.EMAIL)
        person = numbered or addressed
        if person is None:
            person = self._by_name(line, department)
        elif person.lines:
            _check_same(line, person)
        if not person.user.is_active:
            refusal = refuse(ImportRefusal.ACCOUNT_INACTIVE, email=person.user.email)
            raise Wrong(refusal, Field.EMAIL, Field.NUMBER)
        person.lines.append(line)
        if number:
            self.by_number[number] = person
        if email:
            self.by_email[email] = person
        return person

    def known(self, line: Line) -> Person | None:
        """As `find`, but creates no person and adds no line."""
        number, email = same_number(line[Field.NUMBER]), line[Field.EMAIL]
        person = self.by_number.get(number) or self.by_email.get(email)
        namesakes = self.by_name.get(cells.same_name(line.name), [])
        if person or number or email or len(namesakes) != 1:
            return person
        return namesakes[0]

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
            if (chosen := self._answer(line, others)) is not None:
                return chosen
        if not email:
            raise self._unknown(line, is_ambiguous=bool(namesakes))
        person = Person(User(email=email), before=(department,) if department else ())
        if key and len(namesakes) < NAMESAKES_MAX:
            self.by_name[key].append(person)
        return person

    def _answer(self, line: Line, others: Sequence[Person]) -> Person | None:
        """Who of the namesakes the line is about, as the organizer answered."""
        said = line[Field.EMAIL] or line[Field.NUMBER]
        shown = tuple((other.user.email, other.shown) for other in others)
        key = f"{line.row} {said or line.name}"
        self.questions.append(Question(key, line.row, line.name, said, shown))
        return next((o for o in others if o.user.email == self.answers.get(key)), None)

    def _unknown(self, line: Line, *, is_ambiguous: bool) -> Wrong:
        number = line[Field.NUMBER]
        if is_ambiguous:
            return Wrong(refuse(ImportRefusal.NAME_AMBIGUOUS, value=line.name), *NAMES)
        if not (number or line.name):
            refusal = refuse(ImportRefusal.VALUE_MISSING, wanted=Field.EMAIL.label)
            return Wrong(refusal, Field.EMAIL, Field.NUMBER)
        refusal = refuse(ImportRefusal.PERSON_UNKNOWN, value=number or line.name)
        return Wrong(refusal, Field.NUMBER if number else Field.EMAIL, *NAMES)


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


def _check_same(line: Line, person: Person) -> None:
    """A person may have several rows in a file, one for each group. Raises `Wrong` if they
    contradict each other, or are too many.
    """
    if len(person.lines) >= ROWS_OF_ONE_MAX:
        too_many = refuse(ImportRefusal.ROWS_OF_ONE, row=person.row, max=ROWS_OF_ONE_MAX)
        raise Wrong(too_many, Field.EMAIL, Field.NUMBER)
    email, number, name = line[Field.EMAIL], same_number(line[Field.NUMBER]), line.name
    for earlier in person.lines:
        emails = {e for e in (email, earlier[Field.EMAIL]) if e}
        numbers = {n for n in (number, same_number(earlier[Field.NUMBER])) if n}
        names = {cells.same_name(n) for n in (name, earlier.name) if n}
        if len(emails) > 1:
            other = earlier[Field.EMAIL]
            refusal = refuse(ImportRefusal.CONFLICT, value=email, row=earlier.row, other=other)
            raise Wrong(refusal, Field.EMAIL)
        if len(names) > 1 and emails and not email:
            other = earlier.name
            refusal = refuse(ImportRefusal.CONFLICT, value=name, row=earlier.row, other=other)
            raise Wrong(refusal, *NAMES)
        if len(numbers) > 1 or (len(names) > 1 and emails):
            other = earlier.name or earlier[Field.EMAIL]
            refusal = refuse(ImportRefusal.EMAIL_TWICE, row=earlier.row, person=other)
            raise Wrong(refusal, Field.EMAIL)


def same_number(text: str) -> str:
    """A spreadsheet may have dropped the zeros at the beginning."""
    return text.casefold().lstrip("0") or text[:1]
