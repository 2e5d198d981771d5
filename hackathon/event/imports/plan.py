"""What an import would do, row by row and object by object."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.imports.cells import same_name
from hackathon.event.imports.enums import EXPECTED, Field, ImportKind, LeftOutReason, RowState
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.rows import Problem, Reading


@dataclass
class Change:
    """`who`: the person, unless the row is about that person alone."""

    label: str
    before: str
    after: str
    who: str = ""


@dataclass
class RowResult:
    row: int
    subject: str = ""
    state: RowState = RowState.UNCHANGED
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_only_new(self) -> bool:
        changed = any(change.before for change in self.changes)
        return self.state is RowState.CREATED and not self.notes and not changed


@dataclass(frozen=True)
class Question:
    """Which of the namesakes the person of this row is, if any. `said`: the address or number of
    the row; `others`: their addresses, each with a text.
    """

    key: str
    row: int
    name: str
    said: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LeftOut:
    """Somebody who stands in a cell of the file and is not in the plan.

    `row` is that of a spreadsheet, 0 for one of another sheet; `column` the title, or the name of
    the sheet. `person` is the address or, without one, the name: equal for one person.
    """

    row: int
    column: str
    person: str
    reason: LeftOutReason

    @property
    def key(self) -> tuple[int, str]:
        """Two names without an address are two people."""
        return (0 if "@" in self.person else self.row), self.person

    @property
    def is_expected(self) -> bool:
        return self.reason in EXPECTED


@dataclass
class Edit:
    """Of a row of the database: the values before, by field."""

    target: Model
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def after(self) -> dict[str, Any]:
        return {name: getattr(self.target, name) for name in self.before}


@dataclass
class Plan:
    reading: Reading
    kind: ImportKind
    results: dict[int, RowResult] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    new: list[Model] = field(default_factory=list)
    edits: dict[int, Edit] = field(default_factory=dict)  # by id() of the object
    # Rows of the people of the plan, by the address of their account, by each address that the
    # file has for them, and by name.
    rows_of: dict[str, set[int]] = field(default_factory=dict)
    rows_of_address: dict[str, set[int]] = field(default_factory=dict)
    rows_of_name: dict[str, set[int]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)  # see `left_out.find`
    # Addresses of the people of the edition, before the import.
    known: frozenset[str] = frozenset()
    # The first value of the file for something and its field, and its row.
    given: dict[tuple[object, Field], tuple[Any, int]] = field(default_factory=dict)
    # How many people change from one department to another, by the text for it.
    moved: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for line in self.reading.lines:
            self.results[line.row] = RowResult(line.row, line.subject)
        unread = {line.row: line.subject for line in [*self.reading.left, *self.reading.aside]}
        for row, why in self.reading.skipped.items():
            notes = [why] if why else []
            self.results[row] = RowResult(row, unread.get(row, ""), RowState.SKIPPED, notes=notes)

    @property
    def problems(self) -> list[Problem]:
        return self.reading.problems

    @property
    def wrong(self) -> set[int]:
        return {problem.row for problem in self.problems}

    @property
    def is_of_rows(self) -> bool:
        """Whether all problems are of rows, which can be set aside: not of the columns."""
        return self.wrong <= self.results.keys()

    @property
    def people(self) -> int:
        wrong = self.wrong
        return sum(not rows <= wrong for rows in self.rows_of.values())

    @property
    def lost(self) -> list[LeftOut]:
        """Those whom nobody has chosen to leave out."""
        return [one for one in self.left_out if not one.is_expected]

    @property
    def writes_nothing(self) -> bool:
        return not self.new and not self.edits

    def refuse(self, row: int, columns: tuple[Field, ...], refusal: Refusal) -> None:
        self.reading.refuse(row, columns, refusal)

    def give(self, row: int, key: object, field: Field, value: Any) -> bool:
        """Whether the file has no other value for the key and field in an earlier row: then the row
        is refused. An empty cell gives nothing.
        """
        if value in (None, ""):
            return True
        first, first_row = self.given.setdefault((key, field), (value, row))
        if first != value:
            shown, other = _text(value), _text(first)
            refusal = refuse(ImportRefusal.CONFLICT, value=shown, row=first_row, other=other)
            self.refuse(row, (field,), refusal)
        return bool(first == value)

    def include(self, row: int, account: str, *, email: str, name: str) -> None:
        """The person of the account is in the plan, because of this row."""
        self.rows_of.setdefault(account.lower(), set()).add(row)
        self.rows_of_address.setdefault(email or account.lower(), set()).add(row)
        if name:
            self.rows_of_name.setdefault(same_name(name), set()).add(row)

    def create(self, target: Model) -> None:
        self.new.append(target)

    def mark_created(self, row: int) -> None:
        self.results[row].state = RowState.CREATED

    def mark_changed(
        self, row: int, label: object, before: object, after: object, *, user: User | None = None
    ) -> None:
        result = self.results[row]
        who = ""
        if user is not None and result.subject not in (user.name, user.email):
            who = user.display_name
        if result.state is not RowState.CREATED:
            result.state = RowState.UPDATED
        result.changes.append(Change(str(label), _text(before), _text(after), who))

    def skip(self, row: int, why: str) -> None:
        self.results[row].state = RowState.SKIPPED
        self.note(row, why)

    def keep(self, row: int, why: str) -> None:
        """The row has another value, and the stored one stays."""
        if self.results[row].state is RowState.UNCHANGED:
            self.results[row].state = RowState.SKIPPED
        self.note(row, why)

    def note(self, row: int, text: str) -> None:
        self.results[row].notes.append(text)

    def set(self, target: Model, name: str, value: Any) -> bool:
        """Whether it was another one, which is remembered unless the object is new."""
        if (before := getattr(target, name)) == value:
            return False
        if target.pk is not None:
            self.edits.setdefault(id(target), Edit(target)).before.setdefault(name, before)
        setattr(target, name, value)
        return True

    def change(
        self, row: int, target: Model, name: str, value: Any, *, user: User | None = None
    ) -> None:
        """As `set`, and shown on the row. `user`: whom it is about."""
        before = _shown(target, name)
        if self.set(target, name, value):
            self.mark_changed(row, label_of(target, name), before, _shown(target, name), user=user)

    def fill(self, target: Model, key: object, names: Mapping[Field, str]) -> None:
        """With what the file gives for the key, each on its row. `names`: of the attributes."""
        for one, name in names.items():
            if (key, one) in self.given:
                value, row = self.given[key, one]
                self.change(row, target, name, value)

    def counts(self) -> dict[str, int]:
        wrong = self.wrong
        states = Counter(r.state for r in self.results.values() if r.row not in wrong)
        return {"rows": self.reading.rows, **{str(state): states[state] for state in RowState}}

    def fingerprint(self) -> str:
        """Another one if anything else would be done."""
        shown: list[Any] = [
            [r.row, str(r.state), [[c.label, c.before, c.after, c.who] for c in r.changes]]
            for r in self.results.values()
        ]
        shown += sorted({one.key for one in self.lost})
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return "" if value is None else str(getattr(value, "label", value))


def _shown(target: Model, name: str) -> str:
    display = getattr(target, f"get_{name}_display", None)
    return _text(display() if display else getattr(target, name))


def label_of(target: Model, name: str) -> str:
    return str(getattr(target._meta.get_field(name), "verbose_name", name))
