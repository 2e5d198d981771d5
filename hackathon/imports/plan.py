"""What an import would do, row by row and object by object."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from hackathon.core.errors import Refusal
from hackathon.imports.enums import Field, ImportKind, RowState
from hackathon.imports.rows import Problem, Reading


@dataclass
class Change:
    label: str
    before: str
    after: str


@dataclass
class RowResult:
    row: int
    subject: str = ""
    state: RowState = RowState.UNCHANGED
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Question:
    """Whether the person of this row is the one with another address."""

    key: str
    row: int
    name: str
    email: str
    other: str


@dataclass
class Edit:
    """Of a row of the database: the values before, by field."""

    target: Model
    before: dict[str, Any] = field(default_factory=dict)


@dataclass
class Plan:
    reading: Reading
    kind: ImportKind
    results: dict[int, RowResult] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    new: list[Model] = field(default_factory=list)
    edits: dict[int, Edit] = field(default_factory=dict)  # by id() of the object

    def __post_init__(self) -> None:
        for line in self.reading.lines:
            self.results[line.row] = RowResult(line.row, line.subject)
        for row, why in self.reading.skipped.items():
            self.results[row] = RowResult(row, state=RowState.SKIPPED, notes=[why] if why else [])

    @property
    def problems(self) -> list[Problem]:
        return self.reading.problems

    @property
    def writes_nothing(self) -> bool:
        return not self.new and not self.edits

    def refuse(self, row: int, columns: tuple[Field, ...], refusal: Refusal) -> None:
        self.reading.refuse(row, columns, refusal)

    def create(self, target: Model) -> None:
        self.new.append(target)

    def mark_created(self, row: int) -> None:
        self.results[row].state = RowState.CREATED

    def mark_changed(self, row: int, label: object, before: object, after: object) -> None:
        result = self.results[row]
        if result.state is not RowState.CREATED:
            result.state = RowState.UPDATED
        result.changes.append(Change(str(label), _text(before), _text(after)))

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

    def set(self, target: Model, name: str, value: Any) -> None:
        """Sets an attribute, and remembers the value before unless the object is new."""
        if target.pk is not None:
            edit = self.edits.setdefault(id(target), Edit(target))
            edit.before.setdefault(name, getattr(target, name))
        setattr(target, name, value)

    def counts(self) -> dict[str, int]:
        wrong = {problem.row for problem in self.problems}
        states = Counter(r.state for r in self.results.values() if r.row not in wrong)
        return {"rows": self.reading.rows, **{str(state): states[state] for state in RowState}}

    def fingerprint(self) -> str:
        """Another one if anything else would be done."""
        shown = [
            [r.row, str(r.state), [[c.label, c.before, c.after] for c in r.changes]]
            for r in self.results.values()
        ]
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def label_of(model: type[Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "verbose_name", name))
