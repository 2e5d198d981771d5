"""What in a sentence for a team may tell who has written it.

It points and does not decide: a first name may be an adjective, and an anecdote betrays its author
without any of these words. The president reads all sentences, and decides.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class ClueKind(StrEnum):
    NAME = "name"
    INITIALS = "initials"
    EMAIL = "email"
    ROLE = "role"
    MINE = "mine"
    DEPARTMENT = "department"


class Clue(NamedTuple):
    """`excerpt`: the words of the sentence."""

    kind: ClueKind
    excerpt: str


SHORTEST = 3  # letters of a name that is looked for
TRADES = (
    r"professeure?|prof|enseignante?|formateur|formatrice|clients?|cliente|commanditaire|maire|élue?"
    r"|gérante?|directeur|directrice|président|présidente|ingénieure?|développeur|développeuse"
    r"|graphiste|commerçante?|entrepreneure?|bénévole|enseigne|dirige|travaille|encadre"
)
PATTERNS = {
    ClueKind.EMAIL: r"[\w.+-]+@[\w.-]+",
    ClueKind.ROLE: rf"en tant qu(?:e\s|['’])\s*\w+|\b(?:je\b|j['’]|moi\b)[^.!?]*\b(?:{TRADES})\b",
    ClueKind.MINE: r"\b(?:mon|ma|mes)\s+\w+|\b(?:chez moi|chez nous|ma part)\b",
}


def clues_of(text: str, *, jury: Iterable[str], department: Iterable[str]) -> list[Clue]:
    """`jury`: names of all jurors. `department`: its name and its code. Any e-mail address is one,
    whoever it is of.
    """
    clues = [
        Clue(kind, match.group().strip())
        for kind, pattern in PATTERNS.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]
    words = set()
    for person in jury:
        names = [name for name in re.split(r"[\s-]+", person) if name]
        words |= {_plain(name) for name in names if len(name) >= SHORTEST}
        if len(names) > 1:
            first, last = _initial(names[0]), _initial(names[-1])
            pattern = rf"(?<!\w){first}(?:\s?\.\s?)?{last}(?!\w)"
            clues += [Clue(ClueKind.INITIALS, m.group()) for m in re.finditer(pattern, text)]
    # A capital letter: many first names are also words.
    capitals = [word for word in re.findall(r"\w+", text) if word[0].isupper()]
    clues += [Clue(ClueKind.NAME, word) for word in capitals if _plain(word) in words]
    for name in department:
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            clues.append(Clue(ClueKind.DEPARTMENT, name))
    return list(dict.fromkeys(clues))


def _initial(name: str) -> str:
    """For a pattern: with or without its accent."""
    return f"[{re.escape(name[0])}{re.escape(_plain(name[0]).upper())}]"


def _plain(text: str) -> str:
    """Without accents and case."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
