"""What the columns of a table mean, from their titles. Titles are compared in lower case, without
accents and punctuation.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from hackathon.imports.enums import ColumnReason, Field, ImportKind
from hackathon.imports.titles import (
    ADDRESSES,
    BY_KIND,
    CAPTAINS,
    KNOWN,
    MAILS,
    MEMBER_WORDS,
    NUMBERS,
    OTHERS,
    PRIORITY,
    SENSITIVE,
    TEAM_NAMES,
    USED,
)

APOGEE_VALUES = "XX-APO_VALEURS-XX"
TITLE_ROWS = 30  # a header is searched in this many rows
ENDS_WITH_ADDRESS = re.compile(r"(?:^|[\s<])[^\s<>()@]+@[^\s<>()@]+>?$")


@lru_cache(maxsize=8192)
def normal(title: str) -> str:
    """« N° étudiant » is "n etudiant"."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\((?:s|e|es)\)", "", title))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


@dataclass(frozen=True)
class Column:
    index: int
    title: str  # as in the file; the letter of the column if that is empty
    field: Field | None
    reason: ColumnReason

    @property
    def is_left_out(self) -> bool:
        return self.field in (None, Field.IGNORED) and self.reason is not ColumnReason.EMPTY


@dataclass(frozen=True)
class Columns:
    header: int  # index of the row of the titles; -1 if the table has none
    all: tuple[Column, ...]

    def of(self, field: Field) -> list[Column]:
        """In the order in which they are read."""
        columns = [column for column in self.all if column.field is field]
        mapped = ColumnReason.MAPPED
        return sorted(
            columns, key=lambda c: (c.reason is not mapped, PRIORITY.get(normal(c.title), 99))
        )

    def has(self, *fields: Field) -> bool:
        return any(column.field in fields for column in self.all)

    def title(self, *fields: Field) -> str:
        """The title of the first column with one of these fields; empty if there is none."""
        return next((c.title for field in fields for c in self.of(field)), "")


def field_of(title: str, kind: ImportKind) -> tuple[Field | None, ColumnReason]:
    name = normal(title)
    words = frozenset(name.split())
    if field := BY_KIND.get(kind, {}).get(name) or KNOWN.get(name):
        if field in USED[kind]:
            return field, ColumnReason.KNOWN
        return Field.IGNORED, ColumnReason.IGNORED
    if kind is ImportKind.TEAMS and member_of(name):
        return Field.MEMBERS, ColumnReason.KNOWN
    if words & MAILS:
        if words & OTHERS:
            return Field.IGNORED, ColumnReason.SENSITIVE
        field = Field.CAPTAIN if words & CAPTAINS and kind is ImportKind.TEAMS else Field.EMAIL
        return field, ColumnReason.KNOWN
    if SENSITIVE.search(name):
        return Field.IGNORED, ColumnReason.SENSITIVE
    field = _likely(name, words) or _labelled(name)
    if field in USED[kind]:
        return field, ColumnReason.KNOWN
    return None, ColumnReason.UNKNOWN


def _likely(name: str, words: frozenset[str]) -> Field | None:
    if re.fullmatch(r"(groupe?s?|grp|gr|td|tp|g) ?\w{1,4}", name) or words & {"groupe", "td", "tp"}:
        return Field.GROUP
    if words & {"capitaine", "captain"}:
        return Field.CAPTAIN
    if words & {"president", "presidente", "presidence"}:
        return Field.PRESIDENT
    if words & {"departement", "dept", "department"}:
        return Field.DEPARTMENT
    if "salle" in words and not words & {"capacite", "places", "type"}:
        return Field.ROOM
    if words & {"equipe", "team"} and not words & CAPTAINS:
        return Field.TEAM
    if words & {"parcours", "formation", "etape"}:
        return Field.PROGRAMME
    return None


def _labelled(name: str) -> Field | None:
    return next((field for field in Field if normal(str(field.label)) == name), None)


def member_of(name: str) -> str:
    """The number of the member whose column has this normal title, or nothing."""
    match = re.fullmatch(r"(\D+?) ?(\d+)", name)
    return match[2] if match and MEMBER_WORDS.issuperset(match[1].split()) else ""


def field_named(name: str) -> Field | None:
    """A field by its value (`email`), its label or a title that is known (`Mail`)."""
    wanted = normal(name)
    if wanted in NUMBERS:
        return Field.NUMBER
    if wanted in ADDRESSES:
        return Field.EMAIL
    if wanted in ("", "ignore", "ignorer", "rien", "aucun"):
        return Field.IGNORED if wanted else None
    for field in Field:
        if wanted in (normal(field.value), normal(str(field.label))):
            return field
    return KNOWN.get(wanted)


def header_row(
    rows: Sequence[Sequence[str]], kind: ImportKind, mapping: Mapping[str, Field] | None = None
) -> int:
    """The first row with the most known titles, or else the first one. -1 if that has addresses:
    the table has no titles.
    """
    for index, row in enumerate(rows[:-1]):
        if row and row[0].strip() == APOGEE_VALUES:
            return index + 1
    best, most = -1, 0
    for index, row in enumerate(rows[:TITLE_ROWS]):
        count = known_titles(row, kind, mapping or {})
        if count > most:
            best, most = index, count
    if best < 0:
        best = next((index for index, row in enumerate(rows) if any(row)), -1)
        return -1 if best >= 0 and any("@" in cell for cell in rows[best]) else best
    return best


def known_titles(row: Sequence[str], kind: ImportKind, mapping: Mapping[str, Field]) -> int:
    """None in a row with an address: « TD1 » is a group there."""
    if any(ENDS_WITH_ADDRESS.search(cell) for cell in row):
        return 0
    return sum(_is_title(cell, kind) or normal(cell) in mapping for cell in row if cell)


def _is_title(cell: str, kind: ImportKind) -> bool:
    if not cell.strip() or len(cell) > 60 or "@" in cell:
        return False
    return field_of(cell, kind)[1] is not ColumnReason.UNKNOWN


def columns_of(
    rows: Sequence[Sequence[str]], kind: ImportKind, mapping: Mapping[str, Field] | None = None
) -> Columns:
    """`mapping`: fields by normal title, given by hand."""
    width = max((len(row) for row in rows), default=0)
    header = header_row(rows, kind, mapping)
    titles = list(rows[header]) if header >= 0 else []
    titles += [""] * (width - len(titles))
    cells = [
        [row[index].strip() for row in rows[header + 1 :] if index < len(row)]
        for index in range(width)
    ]
    columns = [
        _column(index, titles[index], cells[index], kind, mapping or {}) for index in range(width)
    ]
    columns = _with_team_name(columns, kind)
    columns = _with_partitions(columns, kind)
    columns = _with_contents(columns, cells, kind)
    columns = _with_wide_name(columns, cells)
    if header < 0:
        columns = _without_titles(columns, cells, kind)
    return Columns(header, tuple(columns))


def _column(
    index: int, title: str, cells: Sequence[str], kind: ImportKind, mapping: Mapping[str, Field]
) -> Column:
    title = " ".join(title.split())
    if not title and not any(cells):
        return Column(index, "", None, ColumnReason.EMPTY)
    title = title or letter(index)
    if (chosen := mapping.get(normal(title))) is not None:
        return Column(index, title, chosen, ColumnReason.MAPPED)
    return Column(index, title, *field_of(title, kind))


def _with_team_name(columns: list[Column], kind: ImportKind) -> list[Column]:
    """In a list of teams « nom » is the team if no other column is; in one of rooms, the room."""
    fields = {column.field for column in columns}
    if kind not in (ImportKind.TEAMS, ImportKind.ROOMS) or Field.TEAM in fields:
        return columns
    missing = Field.ROOM if kind is ImportKind.ROOMS and Field.ROOM not in fields else Field.TEAM
    for name in TEAM_NAMES:
        if name == "nom" and Field.FIRST_NAME in fields:
            continue
        for column in columns:
            if normal(column.title) == name and column.reason is not ColumnReason.MAPPED:
                named = replace(column, field=missing, reason=ColumnReason.KNOWN)
                return [named if c is column else c for c in columns]
    return columns


def _with_partitions(columns: list[Column], kind: ImportKind) -> list[Column]:
    """In a group file of ScoDoc each partition of the students is a column with its name. Those of
    Apogée have marks.
    """
    titles = {normal(column.title) for column in columns}
    if kind is not ImportKind.STUDENTS or not titles & {"etat", "etudid"}:
        return columns
    allowed = columns
    if "bac" in titles:
        allowed = [
            replace(c, field=Field.IGNORED, reason=ColumnReason.SENSITIVE)
            if normal(c.title) == "specialite" and c.reason is ColumnReason.KNOWN
            else c
            for c in columns
        ]
    return [
        replace(c, field=Field.GROUP, reason=ColumnReason.KNOWN)
        if c.reason is ColumnReason.UNKNOWN and not normal(c.title).startswith("apol")
        else c
        for c in allowed
    ]


def _with_contents(
    columns: list[Column], cells: Sequence[Sequence[str]], kind: ImportKind
) -> list[Column]:
    """Columns that are known by their cells: numbers of students, and addresses."""
    changed = list(columns)
    for field, titles, matches in (
        (Field.NUMBER, NUMBERS, _are_numbers),
        (Field.EMAIL, ADDRESSES, _are_addresses),
    ):
        if field not in USED[kind] or any(column.field is field for column in changed):
            continue
        for column in changed:
            unknown = column.reason is ColumnReason.UNKNOWN and field is Field.EMAIL
            likely = unknown or normal(column.title) in titles
            mapped = column.reason is ColumnReason.MAPPED
            if likely and not mapped and matches(cells[column.index]):
                changed[column.index] = replace(column, field=field, reason=ColumnReason.KNOWN)
                break
    return changed


def _with_wide_name(columns: list[Column], cells: Sequence[Sequence[str]]) -> list[Column]:
    """A title like « Étudiant » that is merged over the columns of the two names."""
    if any(column.field in (Field.LAST_NAME, Field.FIRST_NAME) for column in columns):
        return columns
    changed = list(columns)
    for wide, beside in pairwise(columns):
        is_empty = beside.title == letter(beside.index) and beside.reason is ColumnReason.UNKNOWN
        if wide.field is Field.FULL_NAME and is_empty and _are_names(cells[beside.index]):
            for column, field in zip((wide, beside), _two_names(wide, beside, cells), strict=True):
                changed[column.index] = replace(column, field=field, reason=ColumnReason.KNOWN)
            break
    return changed


def _two_names(
    first: Column, second: Column, cells: Sequence[Sequence[str]]
) -> tuple[Field, Field]:
    """The family name comes first, unless only the other one is in capitals."""
    if _are_capitals(cells[second.index]) and not _are_capitals(cells[first.index]):
        return Field.FIRST_NAME, Field.LAST_NAME
    return Field.LAST_NAME, Field.FIRST_NAME


def _without_titles(
    columns: list[Column], cells: Sequence[Sequence[str]], kind: ImportKind
) -> list[Column]:
    """Beside the addresses: names, in one column or two, or the groups of a file for Moodle."""
    if not any(column.field is Field.EMAIL for column in columns):
        return columns
    unknown = [c for c in columns if c.reason is ColumnReason.UNKNOWN]
    unknown = [c for c in unknown if not any("@" in cell for cell in cells[c.index])]
    named = [c for c in unknown if _are_names(cells[c.index])][:2]
    fields = [Field.FULL_NAME]
    if len(named) == 2:
        fields = [*_two_names(named[0], named[1], cells)]
    elif not named and len(unknown) == 1 and kind is ImportKind.STUDENTS:
        named, fields = unknown, [Field.GROUP]
    by_index = {column.index: field for column, field in zip(named, fields, strict=False)}
    return [
        replace(c, field=by_index[c.index], reason=ColumnReason.KNOWN) if c.index in by_index else c
        for c in columns
    ]


def _are_names(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    names = [cell for cell in filled if re.fullmatch(r"[^\W\d_]{2,}(?:[ '’.-]+[^\W\d_]+)*", cell)]
    return 2 * len(names) > len(filled)


def _are_capitals(cells: Sequence[str]) -> bool:
    return sum(cell.isupper() for cell in cells) > len([cell for cell in cells if cell]) / 2


def _are_numbers(cells: Sequence[str]) -> bool:
    """A column that counts the rows is none."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(re.fullmatch(r"[A-Za-z]?\d{5,}(?:\.0+)?", cell) for cell in filled)


def _are_addresses(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and 2 * sum("@" in cell for cell in filled) > len(filled)


def letter(index: int) -> str:
    """The letter of a spreadsheet's column."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
