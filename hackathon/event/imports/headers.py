"""What the columns of a table mean, from their titles. Titles are compared in lower case, without
accents and punctuation.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from hackathon.event.imports.enums import ColumnReason, Field, ImportKind
from hackathon.event.imports.titles import (
    BY_KIND,
    CAPTAINS,
    FIELDS_OF,
    KNOWN,
    MAILS,
    MEMBER_NOUNS,
    MEMBER_WORDS,
    MEMBERS,
    SENSITIVE,
    WORDS_OF_OTHER_ADDRESSES,
)

APOGEE_VALUES = "XX-APO_VALEURS-XX"
TITLE_ROWS = 30  # a header is searched in this many rows
MEMBER_NUMBER = re.compile(r"(?:\b(?:n|no|numero) )?(?<!\d)(\d+)(?:er|ere|re|e|eme|ieme|nd|nde)?\b")
ENDS_WITH_ADDRESS = re.compile(r"(?:^|[\s<])[^\s<>()@]+@[^\s<>()@]+>?$")


@lru_cache(maxsize=8192)
def normal(title: str) -> str:
    """« N° étudiant » is "n etudiant"."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\((?:s|e|es)\)", "", title))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


def field_of(title: str, kind: ImportKind) -> tuple[Field | None, ColumnReason]:
    name = normal(title)
    words = frozenset(name.split())
    if field := BY_KIND.get(kind, {}).get(name) or KNOWN.get(name):
        if field in FIELDS_OF[kind]:
            return field, ColumnReason.KNOWN
        return Field.IGNORED, ColumnReason.IGNORED
    if kind is ImportKind.TEAMS and member_of(name):
        return Field.MEMBERS, ColumnReason.KNOWN
    if words & MAILS:
        if words & WORDS_OF_OTHER_ADDRESSES:
            return Field.IGNORED, ColumnReason.SENSITIVE
        field = Field.CAPTAIN if words & CAPTAINS and kind is ImportKind.TEAMS else Field.EMAIL
        return field, ColumnReason.KNOWN
    if SENSITIVE.search(name):
        return Field.IGNORED, ColumnReason.SENSITIVE
    field = _likely(name, words) or _labelled(name)
    if field in FIELDS_OF[kind]:
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
    if words & {"equipe", "team"}:
        return Field.CAPTAIN if words & CAPTAINS else Field.TEAM
    if words & {"parcours", "formation", "etape"}:
        return Field.PROGRAMME
    return None


def _labelled(name: str) -> Field | None:
    return next((field for field in Field if normal(str(field.label)) == name), None)


def member_of(name: str) -> str:
    """The number of the member whose column has this normal title, or nothing."""
    numbers = frozenset(MEMBER_NUMBER.findall(name))
    words = frozenset(MEMBER_NUMBER.sub(" ", name).split())
    if len(numbers) != 1 or words & WORDS_OF_OTHER_ADDRESSES:
        return ""
    if words & MEMBERS:  # « Membre 1 (chef d’équipe) », and any words beside its mail
        is_member = words & MAILS or words <= MEMBER_WORDS | CAPTAINS | {"equipe"}
    else:
        is_member = words & MEMBER_NOUNS and words <= MEMBER_WORDS
    return min(numbers) if is_member else ""


def field_named(name: str) -> Field | None:
    """A field by its value (`email`), its label or a title that is known (`Mail`)."""
    wanted = normal(name)
    return next((f for f in Field if normal(f.value) == wanted), None) or (
        _labelled(wanted) or KNOWN.get(wanted)
    )


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
