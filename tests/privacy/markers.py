"""Markers in personal fields, and the search for them.

Each field of a declaration (`core.personal_data`) gets a marker, and so does each new one. For a
model without rows, a row is made.
"""

import re
import subprocess
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, models, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.personal_data import KEEP, Declaration, registry
from hackathon.day.site.models import LegalNotice
from hackathon.event.editions.models import Edition
from judging.models import Deliberation, NominationSeal
from submissions.models import Receipt
from submissions.receipts import services as receipts
from tests.conftest import NOON

MARKER = re.compile(r"zq\d{4}qz")


class Markers:
    """Where each marker was written."""

    def __init__(self, edition: Edition, people: list[User]) -> None:
        self.edition, self.people = edition, people
        self.written: dict[str, str] = {}

    def found_in(self, text: str) -> set[str]:
        return {self.written[found] for found in MARKER.findall(text) if found in self.written}

    def write(self) -> None:
        for declaration in registry.declarations:
            if declaration.model in (None, JournalEntry, User):
                continue
            of_edition = declaration.edition is not None
            if (declaration.anonymise if of_edition else declaration.erase) != KEEP:
                self._write_in(declaration)
        with journal.released():
            for declaration in registry.of(JournalEntry):
                self._write_in(declaration)
        for user in self.people:
            for name in ("name", "email", "phone"):
                self._write(user, User._meta.get_field(name))
        # As if the files had been handed in under these names.
        receipts.sign_again(list(Receipt.objects.values_list("pk", flat=True)))

    def write_to(self, user: User, *columns: str) -> None:
        """In what the erasure of this person removes. They need not have a row of everything."""
        for declaration in registry.declarations:
            if declaration.model in (None, JournalEntry, User) or declaration.erase == KEEP:
                continue
            for row in declaration.rows_of(user):
                for name in declaration.fields:
                    column: Any = declaration.model._meta.get_field(name)
                    if _is_text(column):
                        self._write(row, column)
        for name in columns:
            self._write(user, User._meta.get_field(name))

    def _write_in(self, declaration: Declaration) -> None:
        rows = self._rows_of(declaration)
        for name in declaration.fields:
            column: Any = declaration.model._meta.get_field(name)
            if _is_text(column):
                written = [self._write(row, column) for row in rows]
                assert any(written), f"No row of {declaration.model} could take a marker: {name}"

    def _rows_of(self, declaration: Declaration) -> list[Any]:
        if declaration.model is LiveMessage:
            return list(LiveMessage.objects.all())
        if declaration.edition is not None:
            return list(declaration.rows_in(self.edition))
        return [row for user in self.people for row in declaration.rows_of(user)]

    def _write(self, row: Any, column: Any) -> bool:
        marker = f"zq{len(self.written):04d}qz"
        try:
            with transaction.atomic():
                value = _with(marker, row, column)
                type(row)._base_manager.filter(pk=row.pk).update(**{column.name: value})
        except IntegrityError:  # a constraint leaves no room in this row
            return False
        self.written[marker] = f"{type(row).__name__}.{column.name}"
        return True


def _with(marker: str, row: Any, column: Any) -> Any:
    """A value of the column that holds the marker."""
    match column:
        case models.FileField():
            return column.storage.save(f"aa/{uuid.uuid4().hex}", ContentFile(marker))
        case models.EmailField():
            return f"{marker}@example.org"
        case models.URLField():
            return f"https://example.org/{marker}"
        case models.BinaryField():
            return marker.encode()
        case models.JSONField():
            return _in_json(marker, row, column.name)
    return marker


def _in_json(marker: str, row: Any, name: str) -> Any:
    stored = getattr(row, name)
    if name == "record" and type(row) in (Deliberation, NominationSeal):
        return {**stored, "jurors": [{"id": 1, "name": marker}]}
    if (type(row), name) == (Deliberation, "struck"):
        return [{"by": marker, "reason": marker, "digest": "0" * 64}]
    if isinstance(stored, list):
        return [*stored, marker]
    found = {**stored, "note": marker, "notes": [marker]} if isinstance(stored, dict) else marker
    if isinstance(stored, dict) and "changes" in stored:
        found["changes"] = {**stored["changes"], "note": [marker, marker]}
    return found


def _is_text(column: Any) -> bool:
    texts = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return isinstance(column, (*texts, models.FileField)) and not column.choices


def tables() -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Every row of every table, those of libraries too."""
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - a name of a table
            yield name, cursor.fetchall()


def text_of(value: Any) -> str:
    if isinstance(value, memoryview | bytes):
        return bytes(value).decode("latin-1")
    return str(value)


def in_database(markers: Markers) -> set[str]:
    return {
        f"{where} in {name}"
        for name, rows in tables()
        for row in rows
        for value in row
        for where in markers.found_in(text_of(value))
    }


def in_files(markers: Markers, directory: Path, *, except_for: tuple[Path, ...] = ()) -> set[str]:
    found = set()
    for path in directory.rglob("*"):
        if path.is_file() and not any(path.is_relative_to(other) for other in except_for):
            text = f"{path.name} {path.read_bytes().decode('latin-1')}"
            found |= {f"{where} in {path}" for where in markers.found_in(text)}
    return found


def in_dump(markers: Markers, directory: Path) -> set[str]:
    """In a backup. A dump of PostgreSQL is compressed."""
    found = in_files(markers, directory)
    for dump in directory.rglob("database.dump"):
        sql = subprocess.run(["pg_restore", "--file=-", str(dump)], capture_output=True, check=True)
        found |= markers.found_in(sql.stdout.decode("latin-1"))
    return found


def make_row_of(declaration: Declaration, known: dict[type[models.Model], Any]) -> None:
    paths = (p for p in (declaration.owner, declaration.edition) if isinstance(p, str))
    assert declaration.model is not None
    columns = map(declaration.model._meta.get_field, declaration.fields)
    if declaration.edition is None and not any(map(_is_text, columns)):
        return
    _make(
        declaration.model, known, wanted={*declaration.fields, *(p.split("__")[0] for p in paths)}
    )


def _make(
    model: type[models.Model],
    known: dict[type[models.Model], Any],
    *,
    wanted: Collection[str] = (),
) -> Any:
    """Refers to rows that are known or made for it. Of its nullable columns only `wanted`."""
    # Its only row has the id 1, whatever the sequence of PostgreSQL gives next.
    values: dict[str, Any] = {"pk": 1} if model is LegalNotice else {}
    for column in model._meta.concrete_fields:
        optional = column.null or column.blank
        if column.has_default() or (optional and column.name not in wanted):
            continue
        if column.primary_key and isinstance(column, models.AutoField):
            continue
        if column.is_relation:
            remote: Any = column.related_model
            stored = known.get(remote) or remote._base_manager.order_by("pk").first()
            values[column.name] = stored or _make(remote, known)
        else:
            values[column.name] = _example(column)
    made = known[model] = model._base_manager.create(**values)
    return made


def _example(column: Any) -> Any:
    examples: dict[type[models.Field], Any] = {
        models.DateTimeField: NOON,
        models.UUIDField: uuid.uuid4(),
        models.BooleanField: False,
        models.EmailField: f"{uuid.uuid4().hex[:8]}@example.org",
    }
    if column.choices:
        return column.choices[0][0]
    for kind, value in examples.items():
        if isinstance(column, kind):
            return value
    if isinstance(column, models.CharField | models.TextField):
        return uuid.uuid4().hex[: min(column.max_length or 8, 8)]
    return 1
