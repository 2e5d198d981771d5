"""Converts the rows of a table to `Line`s, without the database."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.imports import cells
from hackathon.event.imports.columns import Columns, by_member, columns_of
from hackathon.event.imports.enums import TEAM_TEXTS, ColumnReason, Field, ImportKind
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.extraction.tables import CHARACTERS_MAX, ROWS_MAX
from hackathon.event.imports.headers import normal
from hackathon.event.imports.reading import Table
from hackathon.event.imports.texts import is_damaged, lost_letters
from hackathon.event.imports.titles import KNOWN
from judging.enums import JurorKind
from teams.models import Student, Team

SEVERAL = (Field.GROUP, Field.PROGRAMME, Field.MEMBERS)
JOINED = " · "
NAMES = (Field.FULL_NAME, Field.LAST_NAME, Field.FIRST_NAME)
TOTAL = re.compile(r"(sous |grand )?tota(l|ux)( general)?( \d.*)?|effectifs?( total)?( \d.*)?")
# Of each inner tuple at least one field must have a column.
REQUIRED: dict[ImportKind, tuple[tuple[Field, ...], ...]] = {
    ImportKind.STUDENTS: ((Field.EMAIL, Field.NUMBER),),
    ImportKind.TEAMS: ((Field.TEAM,),),
    ImportKind.JURORS: ((Field.EMAIL,),),
    ImportKind.ROOMS: ((Field.ROOM,), (Field.TEAM, Field.FLOOR)),
}
PEOPLE = (Field.EMAIL, Field.MEMBERS, Field.CAPTAIN)
CELL_MAX = CHARACTERS_MAX - 100  # the end of a longer cell is perhaps cut off
PEOPLE_MAX = ROWS_MAX  # in cells with several members
LIMITS: dict[Field, int] = {
    field: getattr(model._meta.get_field(name), "max_length", None) or 0
    for field, model, name in (
        (Field.TEAM, Team, "name"),
        *((text, Team, text.value) for text in TEAM_TEXTS),
        (Field.NUMBER, Student, "number"),
        (Field.GROUP, Student, "group"),
        (Field.PROGRAMME, Student, "programme"),
        (Field.FULL_NAME, User, "name"),
    )
}


@dataclass(frozen=True)
class Problem:
    """`row` is that of a spreadsheet: the first one is 1. `column` is its title, or empty."""

    row: int
    column: str
    refusal: Refusal


@dataclass
class Line:
    row: int
    texts: dict[Field, str] = field(default_factory=dict)
    floor: int | None = None
    captain: bool | None = None
    captain_named: tuple[str, str] | None = None  # address and name
    members: list[tuple[str, str]] = field(default_factory=list)
    kind: JurorKind | None = None
    president: bool | None = None

    def __getitem__(self, wanted: Field) -> str:
        return self.texts.get(wanted, "")

    @property
    def name(self) -> str:
        return self[Field.FULL_NAME]

    @property
    def subject(self) -> str:
        """The person, team or room that the row is about, as written in the file."""
        fields = (Field.FULL_NAME, Field.EMAIL, Field.NUMBER, Field.TEAM, Field.ROOM)
        return next((self[field] for field in fields if self[field]), "")


@dataclass
class Reading:
    columns: Columns
    rows: int = 0
    lines: list[Line] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)  # the reason; empty if it is expected
    # Skipped rows of people who have left the school, and those that an organizer set aside. Only
    # what identifies the person is read.
    left: list[Line] = field(default_factory=list)
    aside: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, row: int, columns: tuple[Field, ...], refusal: Refusal) -> None:
        self.problems.append(Problem(row, self.columns.title(*columns), refusal))


def read(
    table: Table,
    kind: ImportKind,
    *,
    mapping: Mapping[str, Field] | None = None,
    remembered: Mapping[str, Field] | None = None,
    aside: Mapping[int, str] | None = None,
) -> Reading:
    """`mapping`: fields by the title of their column; `remembered`: by its normal form. `aside`:
    why a row is set aside.
    """
    wanted = {normal(title): field for title, field in (mapping or {}).items()}
    wanted = {**(remembered or {}), **wanted}
    columns = columns_of(table.rows, kind, wanted)
    reading = Reading(columns)
    header = max(columns.header, 0) + 1
    titles = {normal(text) for column in columns.all for text in (column.title, column.key)}
    for title in mapping or {}:
        if normal(title) not in titles:
            refusal = refuse(ImportRefusal.COLUMN_UNKNOWN, column=title)
            reading.problems.append(Problem(header, title, refusal))
    filled = [
        (index + 1, row)
        for index, row in enumerate(table.rows)
        if index > columns.header and any(row)
    ]
    reading.rows = len(filled)
    if not filled:
        reading.refuse(header, (), refuse(ImportRefusal.NO_ROWS))
    for fields in REQUIRED[kind]:
        if filled and not columns.has(*fields):
            text = " / ".join(str(field.label) for field in fields)
            reading.refuse(header, (), refuse(ImportRefusal.COLUMN_MISSING, wanted=text))
    if not reading.problems:
        _read_rows(reading, kind, filled, aside or {})
    return reading


def _read_rows(
    reading: Reading,
    kind: ImportKind,
    filled: list[tuple[int, list[str]]],
    aside: Mapping[int, str],
) -> None:
    for column in reading.columns.all:
        if column.reason is ColumnReason.UNKNOWN and is_damaged(column.title):
            header = max(reading.columns.header, 0) + 1
            reading.problems.append(Problem(header, column.title, damaged(column.title)))
    last, _row = filled[-1]
    people = 0
    for number, row in filled:
        if number in aside:
            reading.skipped[number] = aside[number]
            reading.aside.append(_identity(number, row, reading.columns, kind))
        elif why := _aside(reading.columns, kind, row, is_last=number == last):
            reading.skipped[number] = why
        else:
            _read_row(reading, kind, number, row)
            people += sum(len(line.members) for line in reading.lines[-1:] if line.row == number)
            if people > PEOPLE_MAX:
                refusal = refuse(ImportRefusal.TOO_MANY_PEOPLE, max=PEOPLE_MAX)
                reading.refuse(number, (Field.MEMBERS,), refusal)
                reading.lines.clear()
                return


def _aside(columns: Columns, kind: ImportKind, row: list[str], *, is_last: bool) -> str:
    """Why the row has no record and is skipped; empty if it has one."""
    filled = list(columns.filled(row))
    first = normal(filled[0][1])
    if columns.header >= 0 and all(normal(cell) == normal(c.title) for c, cell in filled):
        return _("titres répétés")
    if len([c for c, _cell in filled if c.field in NAMES]) > 1 and all(
        normal(cell) in KNOWN for _column, cell in filled
    ):
        return _("titres répétés")  # « Nom | Prénom » below « Étudiant »
    if any(
        "@" in cell or (column.field is Field.NUMBER and not is_total(cell))
        for column, cell in filled
    ):
        return ""
    about_people = kind in (ImportKind.STUDENTS, ImportKind.JURORS)
    if is_total(filled[0][1]) and (is_last or about_people):
        return _("ligne de total")
    if about_people and len(filled) == 1 and re.search(r"\d", first):
        return _("« {text} » : personne n’est nommé").format(text=cells.shown(filled[0][1]))
    return ""


def is_total(cell: str) -> bool:
    return TOTAL.fullmatch(normal(cell)) is not None


def damaged(cell: str) -> Refusal:
    return refuse(ImportRefusal.DAMAGED, value=cells.shown(cell))


def _read_row(reading: Reading, kind: ImportKind, number: int, row: list[str]) -> None:
    values = {wanted: list(_values(reading.columns, wanted, row)) for wanted in Field}
    members = by_member(reading.columns.filled(row, Field.MEMBERS))
    values[Field.MEMBERS] = [" ".join(cell for _column, cell in member) for member in members]
    if not any(values[wanted] for wanted in Field if wanted is not Field.IGNORED):
        reading.skipped[number] = ""
        return
    if any(cells.has_left(value) for value in values[Field.STATE]):
        reading.skipped[number] = ""
        reading.left.append(_identity(number, row, reading.columns, kind))
        return
    line = Line(number)
    _check_cells(reading, line, row)
    for wanted in Field:
        try:
            _read_field(line, wanted, values, reading.columns, kind)
        except cells.Wrong as wrong:
            fields = NAMES if wanted is Field.FULL_NAME else (wanted,)
            reading.refuse(number, wrong.columns or fields, wrong.refusal)
    reading.lines.append(line)


def _check_cells(reading: Reading, line: Line, row: list[str]) -> None:
    for column, cell in reading.columns.filled(row):
        refusal = None
        if column.field in (None, Field.IGNORED):
            if reading.columns.header < 0 and column.field is None and "@" in cell:
                refusal = refuse(ImportRefusal.EMAIL_SEVERAL, value=cells.shown(cell))
        elif is_damaged(cell) or (column.field in NAMES and lost_letters(cell)):
            refusal = damaged(cell)
        elif column.field in PEOPLE and len(cell) > CELL_MAX:
            refusal = refuse(ImportRefusal.TOO_LONG, value=cells.shown(cell), max=CELL_MAX)
        if refusal is not None:
            reading.problems.append(Problem(line.row, column.title, refusal))


def _identity(number: int, row: list[str], columns: Columns, kind: ImportKind) -> Line:
    """Only the fields that identify the person: their other cells may have errors."""
    values = {wanted: list(_values(columns, wanted, row)) for wanted in Field}
    line = Line(number)
    for wanted in (Field.EMAIL, Field.NUMBER, Field.FULL_NAME, Field.TEAM):
        with suppress(cells.Wrong):
            _read_field(line, wanted, values, columns, kind)
    return line


def _values(columns: Columns, wanted: Field, row: list[str]) -> Iterator[str]:
    for column, cell in columns.filled(row, wanted):
        internal = wanted is Field.NUMBER and normal(column.title) == "etudid"
        yield f"etudid-{cells.plain(cell)}" if internal else cell


def _read_field(
    line: Line, wanted: Field, values: Mapping[Field, list[str]], columns: Columns, kind: ImportKind
) -> None:
    if wanted is Field.FULL_NAME:
        name = _name(values, columns) or _name_before_address(values, kind)
        _set(line, wanted, name)
        return
    if not values[wanted]:
        return
    first = values[wanted][0]
    if wanted in PARSERS:
        PARSERS[wanted](line, values[wanted])
    elif wanted is Field.EMAIL and kind is ImportKind.TEAMS and _is_list(first):
        line.members = [*_whole(cells.people(first)), *line.members]
    elif wanted is Field.EMAIL:
        line.texts[wanted] = cells.email(first)
    elif wanted is Field.NUMBER:
        _set(line, wanted, cells.number(first))
    elif wanted in SEVERAL:
        _set(line, wanted, joined(map(cells.plain, values[wanted]), LIMITS.get(wanted)))
    else:
        _set(line, wanted, cells.plain(first))


def joined(parts: Iterable[str], limit: int | None) -> str:
    """As many as fit: a student may be in ten groups."""
    fitting: list[str] = []
    for part in dict.fromkeys(parts):
        if fitting and limit and len(JOINED.join([*fitting, part])) > limit:
            break
        fitting.append(part)
    return JOINED.join(fitting)


def _set(line: Line, wanted: Field, text: str) -> None:
    limit = LIMITS.get(wanted)
    if limit is not None and len(text) > limit:
        value = cells.shown(text)
        raise cells.Wrong(refuse(ImportRefusal.TOO_LONG, value=value, max=limit))
    line.texts[wanted] = text


def _is_list(cell: str) -> bool:
    return cell.count("@") > 1


def _name(values: Mapping[Field, list[str]], columns: Columns) -> str:
    first, last, full = (
        "".join(values[f][:1]) for f in (Field.FIRST_NAME, Field.LAST_NAME, Field.FULL_NAME)
    )
    if full and not (first and last):
        title = normal(columns.title(Field.FULL_NAME))
        return cells.full_name(full, family_first=title.startswith("nom") and "prenom" in title)
    if columns.has(Field.FIRST_NAME):
        return cells.name_of(first, last)
    return cells.full_name(last, family_first=False)


def _name_before_address(values: Mapping[Field, list[str]], kind: ImportKind) -> str:
    """Of « Zoé Durand <zoe@…> »."""
    name, bracket, _rest = "".join(values[Field.EMAIL][:1]).partition("<")
    if not bracket or (kind is ImportKind.TEAMS and _is_list("".join(values[Field.EMAIL]))):
        return ""
    name = cells.full_name(name.strip(' "'), family_first=False)
    if lost_letters(name):
        raise cells.Wrong(damaged(name), Field.EMAIL)
    return name


def _whole(people: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Raises `Wrong` for a name that has lost letters."""
    for _email, name in people:
        if lost_letters(name):
            raise cells.Wrong(damaged(name))
    return people


def _floor(line: Line, texts: list[str]) -> None:
    line.floor = cells.floor(texts[0])


def _members_in(line: Line, texts: list[str]) -> None:
    line.members += _whole([person for cell in texts for person in cells.people(cell)])


def _captain(line: Line, texts: list[str]) -> None:
    """« oui », « capitaine », or who it is: name and address may be in two columns."""
    if len(texts) > 1:
        (line.captain_named,) = _whole([cells.person(" ".join(texts))])
        return
    cell = texts[0]
    text = normal(cell)
    if cells.CAPTAIN.search(text):
        line.captain = True
    elif text in cells.YES | cells.NO or not text:
        line.captain = cells.yes_or_no(cell)
    elif text not in ("membre", "member", "equipier", "equipiere", "etudiant", "etudiante"):
        (line.captain_named,) = _whole([cells.person(cell)])


def _kinds(line: Line, texts: list[str]) -> None:
    """The first kind that a column gives; « président » counts in each of them."""
    wrong: cells.Wrong | None = None
    for cell in texts:
        try:
            kind, presides = cells.kind(cell)
        except cells.Wrong as error:
            wrong = wrong or error
            continue
        line.president = presides or line.president
        line.kind = line.kind or kind
    if wrong is not None and line.kind is None:
        raise wrong


def _presidents(line: Line, texts: list[str]) -> None:
    for presides in map(cells.president, texts):
        if presides is not None:
            line.president = line.president or presides


PARSERS: dict[Field, Callable[[Line, list[str]], None]] = {
    Field.FLOOR: _floor,
    Field.CAPTAIN: _captain,
    Field.MEMBERS: _members_in,
    Field.KIND: _kinds,
    Field.PRESIDENT: _presidents,
}
