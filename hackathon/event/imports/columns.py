"""The columns of a table: what they mean by their titles and, where these do not tell, by their
cells.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from hackathon.event.imports.enums import ColumnReason, Field, ImportKind
from hackathon.event.imports.headers import field_of, header_row, member_of, normal
from hackathon.event.imports.titles import PRIORITY, TEAM_NAMES, WORDS_OF_OTHER_ADDRESSES

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

    def filled(self, row: Sequence[str], *fields: Field) -> Iterator[tuple[Column, str]]:
        """The filled cells of a row, or of some fields in the order in which they are read."""
        chosen = [column for field in fields for column in self.of(field)]
        for column in chosen if fields else self.all:
            if column.index < len(row) and row[column.index]:
                yield column, row[column.index]

    def with_one_meaning(self) -> list[list[Column]]:
        """Columns of which one is read in each row: the first one that is filled."""
        groups = [self.of(field) for field in Field if field not in ALL_READ]
        return [group for group in groups if len(group) > 1]

    def has(self, *fields: Field) -> bool:
        return any(column.field in fields for column in self.all)

    def title(self, *fields: Field) -> str:
        """The title of the first column with one of these fields; empty if there is none."""
        return next((c.title for field in fields for c in self.of(field)), "")


def by_member(cells: Iterable[tuple[Column, str]]) -> list[list[tuple[Column, str]]]:
    """The cells of one member together: « Nom 1 » and « Mail 1 »."""
    members: dict[str, list[tuple[Column, str]]] = {}
    for column, cell in cells:
        key = member_of(normal(column.title)) or f"column {column.index}"
        members.setdefault(key, []).append((column, cell))
    return list(members.values())


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
    columns = _with_address(columns, cells, kind)
    columns = _with_wide_name(columns, cells)
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
    """In a list of teams « nom » is the team if no other column is."""
    fields = {column.field for column in columns}
    if kind is not ImportKind.TEAMS or fields & {Field.TEAM, Field.FIRST_NAME}:
        return columns
    titles = {normal(c.title): c for c in columns if c.reason is not ColumnReason.MAPPED}
    named = next((titles[name] for name in TEAM_NAMES if name in titles), None)
    return [_known(c, Field.TEAM) if c is named else c for c in columns]


def _known(column: Column, field: Field) -> Column:
    return replace(column, field=field, reason=ColumnReason.KNOWN)


def _with_partitions(columns: list[Column], kind: ImportKind) -> list[Column]:
    """In a group file of ScoDoc each partition of the students is a column with its name. Those of
    Apogée have marks.
    """
    titles = {normal(column.title) for column in columns}
    if kind is not ImportKind.STUDENTS or not titles & {"etat", "etudid"}:
        return columns
    changed = []
    for column in columns:
        title = normal(column.title)
        if title == "specialite" and "bac" in titles and column.reason is ColumnReason.KNOWN:
            column = replace(column, field=Field.IGNORED, reason=ColumnReason.SENSITIVE)
        elif column.reason is ColumnReason.UNKNOWN and not title.startswith("apol"):
            column = _known(column, Field.GROUP)
        changed.append(column)
    return changed


def _with_address(
    columns: list[Column], cells: Sequence[Sequence[str]], kind: ImportKind
) -> list[Column]:
    """An unknown column of addresses, if no other column has them."""
    if kind is ImportKind.ROOMS or any(column.field is Field.EMAIL for column in columns):
        return columns
    unknown = (c for c in columns if c.reason is ColumnReason.UNKNOWN)
    found = next((c for c in unknown if _are_addresses(cells[c.index])), None)
    return [_known(c, Field.EMAIL) if c is found else c for c in columns]


def _with_wide_name(columns: list[Column], cells: Sequence[Sequence[str]]) -> list[Column]:
    """A title like « Étudiant » that is merged over the columns of the two names. The family name
    comes first, unless only the other one is in capitals.
    """
    if any(column.field in (Field.LAST_NAME, Field.FIRST_NAME) for column in columns):
        return columns
    for wide, beside in pairwise(columns):
        is_empty = beside.title == letter(beside.index) and beside.reason is ColumnReason.UNKNOWN
        if wide.field is Field.FULL_NAME and is_empty and _are_names(cells[beside.index]):
            two = [Field.LAST_NAME, Field.FIRST_NAME]
            if _are_capitals(cells[beside.index]) and not _are_capitals(cells[wide.index]):
                two.reverse()
            by_index = dict(zip((wide.index, beside.index), two, strict=True))
            return [_known(c, by_index[c.index]) if c.index in by_index else c for c in columns]
    return columns


def _are_names(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    names = [cell for cell in filled if re.fullmatch(r"[^\W\d_]{2,}(?:[ '’.-]+[^\W\d_]+)*", cell)]
    return 2 * len(names) > len(filled)


def _are_capitals(cells: Sequence[str]) -> bool:
    return sum(cell.isupper() for cell in cells) > len([cell for cell in cells if cell]) / 2


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
