"""Who stands in a file and is not in the plan. It looks at all cells, also those that the reading
leaves out, so that nobody is lost because of a column that was understood wrongly.
"""

from collections.abc import Iterator, Sequence

from hackathon.event.imports import cells
from hackathon.event.imports.columns import Column, Columns, by_member
from hackathon.event.imports.enums import ColumnReason, Field, ImportKind, LeftOutReason
from hackathon.event.imports.headers import member_of, normal
from hackathon.event.imports.plan import LeftOut, Plan
from hackathon.event.imports.reading import Table
from hackathon.event.imports.rows import NAMES
from hackathon.event.imports.titles import TITLES

# A column, and who stands in it: an address, or else a name.
type Mention = tuple[Column | None, str]


def find(plan: Plan, table: Table) -> list[LeftOut]:
    """Nothing for a list of rooms, which has no people, and for columns that can't be read.

    Columns with personal data are not looked at: a private address is of somebody who has another.
    """
    if plan.kind is ImportKind.ROOMS or not plan.is_of_rows:
        return []
    search = _Search(plan)
    found = [one for index, row in enumerate(table.rows) for one in search.in_row(index, row)]
    found += [
        LeftOut(0, name, person, LeftOutReason.OTHER_SHEET)
        for name, rows in table.others.items()
        for person in dict.fromkeys(p for row in rows for cell in row for p in _addresses(cell))
        if person not in search.addresses and person not in plan.known
    ]
    return found


class _Search:
    def __init__(self, plan: Plan) -> None:
        self.plan, self.reading = plan, plan.reading
        self.wrong = plan.wrong
        self.addresses = self._included(plan.rows_of_address)
        self.names = self._included(plan.rows_of_name)
        self.rows = {row for rows in plan.rows_of.values() for row in rows} - self.wrong
        self.left = {line.row for line in self.reading.left}
        self.aside = {line.row for line in self.reading.aside}
        columns = self.reading.columns
        self.sensitive = {c.index for c in columns.all if c.reason is ColumnReason.SENSITIVE}
        self.reserves = {c.index for group in columns.with_one_meaning() for c in group[1:]}

    def _included(self, rows_of: dict[str, set[int]]) -> set[str]:
        return {text for text, rows in rows_of.items() if not rows <= self.wrong}

    def in_row(self, index: int, row: list[str]) -> Iterator[LeftOut]:
        header = self.reading.columns.header
        if index == header or not any(row):
            return
        above = index < header
        seen = set()
        for column, person in self._above(row) if above else self._mentions(index + 1, row):
            if person not in seen:
                seen.add(person)
                title = column.title if column else ""
                reason = LeftOutReason.ABOVE if above else self._reason(index + 1, column)
                yield LeftOut(index + 1, title, person, reason)

    def _above(self, row: Sequence[str]) -> Iterator[Mention]:
        for cell in row:
            yield from ((None, person) for person in self._unread(cell))

    def _mentions(self, number: int, row: list[str]) -> Iterator[Mention]:
        """Of a row below the titles."""
        columns = self.reading.columns
        has_address = False
        for column, cell in columns.filled(row):
            if column.index not in self.sensitive:
                has_address = has_address or bool(_addresses(cell))
                yield from ((column, person) for person in self._unread(cell))
        if not self._has_record(number):
            return
        is_named = False
        for column, name in _members_of(columns, row):
            is_named = True
            if cells.same_name(name) not in self.names:
                yield column, name
        own = next(columns.filled(row, Field.EMAIL), None)
        has_own = bool(_addresses(own[1])) if own else has_address
        if number in self.rows or is_named or has_own:
            return
        # The person of the row has no address that can be read.
        name = " ".join(cell for _column, cell in columns.filled(row, *NAMES))
        for column, cell in columns.filled(row, *NAMES, Field.NUMBER, Field.EMAIL):
            yield column, name or cell
            return

    def _has_record(self, number: int) -> bool:
        """Not in rows of titles and totals, which are skipped with their reason."""
        return not self.reading.skipped.get(number) or number in self.aside

    def _unread(self, cell: str) -> list[str]:
        """Addresses that are not in the plan. Spaces around a point are removed by the reading."""
        joined = cells.addresses(cells.without_gaps(cell))
        if joined and self.addresses.issuperset(joined):
            return []
        return [person for person in _addresses(cell) if person not in self.addresses]

    def _reason(self, number: int, column: Column | None) -> LeftOutReason:
        assert column is not None
        if number in self.aside:
            return LeftOutReason.ASIDE
        if number in self.left:
            return LeftOutReason.LEFT
        if column.field is Field.IGNORED and column.reason is ColumnReason.MAPPED:
            return LeftOutReason.CHOSEN
        if column.field in (None, Field.IGNORED):
            return LeftOutReason.UNUSED
        if column.index in self.reserves:
            return LeftOutReason.SECOND
        return LeftOutReason.WRONG if number in self.wrong else LeftOutReason.NOT_READ


def _addresses(cell: str) -> list[str]:
    if "@" not in cell:
        return []
    return cells.addresses(cell) or cells.addresses(cells.without_gaps(cell))


def _members_of(columns: Columns, row: list[str]) -> Iterator[tuple[Column, str]]:
    """Each member in cells without an address, in whatever list: the column and the name."""
    of_members = [
        (column, cell) for column, cell in columns.filled(row) if _may_be_of_member(column)
    ]
    for parts in by_member(of_members):
        text = " ".join(cell for _column, cell in parts)
        has_address = any(_addresses(cell) for _column, cell in parts)
        if has_address or all(normal(c.title).startswith("prenom") for c, _cell in parts):
            continue  # « Prénom 2 » alone is no member
        yield from ((parts[0][0], name) for _email, name in cells.people(text) if name)


def _may_be_of_member(column: Column) -> bool:
    title = normal(column.title)
    is_numbered = bool(member_of(title))
    if column.field in (None, Field.IGNORED):
        return is_numbered or title in TITLES[Field.MEMBERS]
    return column.field is Field.MEMBERS or (column.field is Field.EMAIL and is_numbered)
