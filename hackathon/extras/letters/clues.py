"""What in a sentence for a team may tell who has written it.

A hint only: a first name may be an adjective, and a text can identify its author without any of
these words. The president reads all sentences, and decides.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ClueKind(TextChoices):
    NAME = "name", _("le nom d’un juré ?")
    INITIALS = "initials", _("les initiales d’un juré ?")
    EMAIL = "email", _("une adresse e-mail")
    ROLE = "role", _("le métier ou le rôle de l’auteur ?")
    MINE = "mine", _("l’auteur parle de soi ?")
    DEPARTMENT = "department", _("le nom du département")


class Clue(NamedTuple):
    """`excerpt`: the words of the sentence."""

    kind: ClueKind
    excerpt: str

    @property
    def text(self) -> str | Promise:
        return self.kind.label


SHORTEST = 3  # letters of a name that is looked for
PATTERNS = {
    ClueKind.EMAIL: re.compile(r"[\w.+-]+@[\w.-]+"),
    ClueKind.ROLE: re.compile(
        r"en tant qu(?:e\s|['’])\s*\w+|\b(?:je\b|j['’]|moi\b)[^.!?]*\b(?:"
        r"professeure?|prof|enseignante?|formateur|formatrice|clients?|cliente|commanditaire"
        r"|maire|élue?|gérante?|directeur|directrice|président|présidente|ingénieure?"
        r"|développeur|développeuse|graphiste|commerçante?|entrepreneure?|bénévole|enseigne"
        r"|dirige|travaille|encadre)\b",
        re.IGNORECASE,
    ),
    ClueKind.MINE: re.compile(
        r"\b(?:mon|ma|mes)\s+\w+|\b(?:chez moi|chez nous|ma part)\b", re.IGNORECASE
    ),
}


def clues_of(text: str, *, jury: Iterable[str], department: Iterable[str]) -> list[Clue]:
    """`jury`: names of all jurors. `department`: its name and its code. Any e-mail address is one,
    whoever it is of.
    """
    clues = [
        Clue(kind, match.group().strip())
        for kind, pattern in PATTERNS.items()
        for match in pattern.finditer(text)
    ]
    words = set()
    for person in jury:
        names = [name for name in re.split(r"[\s-]+", person) if name]
        words |= {_plain(name) for name in names if len(name) >= SHORTEST}
        if len(names) > 1:
            first, last = _initials(names[0]), _initials(names[-1])
            written = re.finditer(
                rf"(?<!\w)[{re.escape(first)}](?:\s?\.\s?)?[{re.escape(last)}](?!\w)", text
            )
            clues += [Clue(ClueKind.INITIALS, match.group()) for match in written]
    # A capital letter: many first names are also words.
    capitals = [word for word in re.findall(r"\w+", text) if word[0].isupper()]
    clues += [Clue(ClueKind.NAME, word) for word in capitals if _plain(word) in words]
    for name in department:
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            clues.append(Clue(ClueKind.DEPARTMENT, name))
    return list(dict.fromkeys(clues))


def _initials(name: str) -> str:
    """The first letter with and without its accent."""
    return name[0] + _plain(name[0]).upper()


def _plain(text: str) -> str:
    """Without accents and case."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()
