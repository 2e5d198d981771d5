"""The columns of a table: what they mean by their titles and, where these do not tell, by their
cells.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hackathon.imports.enums import ColumnReason, Field, ImportKind
from hackathon.imports.headers import field_of, header_row, normal
from hackathon.imports.titles import (
    ADDRESSES,
    FIELDS_OF,
    MEMBER_OF_JURY,
    NUMBERS,
    PRESIDENT,
    PRIORITY,
    TEAM_NAMES,
    WORDS_OF_OTHER_ADDRESSES,
)

# Fields that take what all their columns say. Of the others one column is read in each row.
ALL_READ = frozenset(
    {Field.GROUP, Field.PROGRAMME, Field.MEMBERS, Field.CAPTAIN, Field.STATE, Field.KIND}
    | {Field.PRESIDENT, Field.IGNORED}
)


@dataclass(frozen=True)
class Column:
    index: int
    title: str  # as in the file; the letter of the column if that is empty
    field: Field | None
    reason: ColumnReason
    is_twice: bool = False  # another column has this title

    @property
    def key(self) -> str:
        """Of this column alone: « Mail (C) » if there are two « Mail »."""
        return f"{self.title} ({letter(self.index)})" if self.is_twice else self.title

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

    def with_one_meaning(self) -> list[list[Column]]:
        """Columns of which one is read in each row: the first one that is filled."""
        groups = [self.of(field) for field in Field if field not in ALL_READ]
        return [group for group in groups if len(group) > 1]

    def has(self, *fields: Field) -> bool:
        return any(column.field in fields for column in self.all)

    def title(self, *fields: Field) -> str:
        """The title of the first column with one of these fields; empty if there is none."""
        return next((c.title for field in fields for c in self.of(field)), "")


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
    count = Counter(map(normal, titles))
    columns = [
        _column(
            index,
            titles[index],
            cells[index],
            kind,
            mapping or {},
            is_twice=count[normal(titles[index])] > 1,
        )
        for index in range(width)
    ]
    columns = _with_team_name(columns, kind)
    columns = _with_partitions(columns, kind)
    columns = _with_contents(columns, cells, kind)
    columns = _with_wide_name(columns, cells)
    columns = _with_presidents(columns, cells, kind)
    if header < 0:
        columns = _without_titles(columns, cells, kind)
    return Columns(header, tuple(columns))


def _column(
    index: int,
    title: str,
    cells: Sequence[str],
    kind: ImportKind,
    mapping: Mapping[str, Field],
    *,
    is_twice: bool,
) -> Column:
    title = " ".join(title.split())
    if not title and not any(cells):
        return Column(index, "", None, ColumnReason.EMPTY)
    column = Column(
        index, title or letter(index), None, ColumnReason.MAPPED, is_twice and bool(title)
    )
    for key in (column.key, column.title):
        if (chosen := mapping.get(normal(key))) is not None:
            return replace(column, field=chosen)
    field, reason = field_of(column.title, kind)
    below = [cell for cell in cells if normal(cell) != normal(title)]
    if reason is ColumnReason.SENSITIVE and _are_addresses(below) and not _is_private(title):
        field, reason = Field.EMAIL, ColumnReason.KNOWN  # « Adresse de l’équipier »
    return replace(column, field=field, reason=reason)


def _is_private(title: str) -> bool:
    return not WORDS_OF_OTHER_ADDRESSES.isdisjoint(normal(title).split())


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
        if field not in FIELDS_OF[kind] or any(column.field is field for column in changed):
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


def _with_presidents(
    columns: list[Column], cells: Sequence[Sequence[str]], kind: ImportKind
) -> list[Column]:
    """A list of jurors may say in « Rôle » who presides, and in « Qualité » who is a client: the
    cells decide. Also a column with another title that has nothing but « président », « membre ».
    """
    if kind is not ImportKind.JURORS:
        return columns

    def only_places(column: Column) -> bool:
        texts = [normal(cell) for cell in cells[column.index] if cell]
        if not any(map(PRESIDENT.search, texts)):
            return False
        return all(PRESIDENT.search(text) or MEMBER_OF_JURY.search(text) for text in texts)

    kinds = [column for column in columns if column.field is Field.KIND]
    return [
        replace(column, field=Field.PRESIDENT, reason=ColumnReason.KNOWN)
        if (column.reason is ColumnReason.UNKNOWN or (column in kinds and len(kinds) > 1))
        and column.reason is not ColumnReason.MAPPED
        and only_places(column)
        else column
        for column in columns
    ]


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
