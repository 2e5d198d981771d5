"""Converts cells to values. The functions raise `Wrong` for a cell without a valid value."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.imports.enums import Field
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.headers import normal
from hackathon.event.imports.titles import MEMBER_OF_JURY, PRESIDENT
from judging.enums import JurorKind
from teams.floors import floor_number

YES = frozenset({"oui", "o", "yes", "y", "x", "1", "vrai", "true", "v"})
NO = frozenset({"non", "n", "no", "0", "faux", "false"})
LEFT = re.compile(r"d|dem|demission\w*|demissionnaire|left")
CAPTAIN = re.compile(r"\b(capitaine|captain|cheffe?|cap)\b")
CLIENT = re.compile(
    r"\b(client\w*|commanditaires?|entreprises?|professionnel\w*|pro|partenaires?|exterieure?s?"
    r"|externes?|invitee?s?)\b"
)
TEACHER = re.compile(
    r"\b(enseignant\w*|teachers?|prof\w*|equipe enseignante|enseignement|pedagogique|internes?"
    r"|maitres?|maitresses?|ens|pr|mcf|prag|prce|vacataires?|titulaires?|staff)\b"
)
CIVILITY = re.compile(
    r"(?:m\.|mr\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle)\s+", re.IGNORECASE
)
# Patterns that may be found anywhere begin at the first of such characters only: otherwise a long
# cell takes time by the square of its length.
ADDRESS = re.compile(r"<?((?<![^\s<>;,()])[^\s<>;,()]+@[^\s<>;,()]+)>?")
# What stands between an address and a name.
BETWEEN = re.compile(r"^(?:et\b|and\b|[\s,;()\-–:&\"])+|(?<![\s,;()\-–:&\"])[\s,;()\-–:&\"]+$")
PARTICLES = frozenset(
    {"de", "du", "des", "la", "le", "les", "van", "von", "der", "den", "da", "el"}
)


class Wrong(Exception):
    """`columns`: whose cell it is, where the caller does not know."""

    def __init__(self, refusal: Refusal, *columns: Field) -> None:
        super().__init__(refusal.code)
        self.refusal, self.columns = refusal, columns


def plain(cell: str) -> str:
    """On one line, and « 10 » for « 10.0 »."""
    text = " ".join(cell.split())
    match = re.fullmatch(r"(-?\d+)[.,]0+", text)
    return match[1] if match else text


def email(cell: str) -> str:
    """In lower case, without spaces. Empty for an empty cell."""
    text = _address(cell)
    if not text:
        return ""
    try:
        validate_email(text)
    except ValidationError:
        raise Wrong(refuse(ImportRefusal.EMAIL_INVALID, value=shown(cell))) from None
    if len(text) > 254:
        raise Wrong(refuse(ImportRefusal.TOO_LONG, value=shown(text), max=254))
    return text


def _address(cell: str) -> str:
    """Spaces between words are not removed: that would join them to another address."""
    inside = re.search(r"<([^<>]*)>", cell)
    text = without_gaps((inside[1] if inside else cell).lower())
    several = {_bare(part) for part in re.split(r"[\s,;/|]+", text) if "@" in part}
    if len(several) > 1:
        raise Wrong(refuse(ImportRefusal.EMAIL_SEVERAL, value=shown(cell)))
    return several.pop() if several and (inside or text.count("@") > 1) else _bare(text)


def without_gaps(text: str) -> str:
    """Without spaces around « @ » and « . »."""
    return re.sub(r"([@.])\s+", r"\1", re.sub(r"(?<!\s)\s+([@.])", r"\1", text))


def _bare(text: str) -> str:
    if (address := text.strip()).startswith("mailto:"):
        address = address.removeprefix("mailto:").partition("?")[0]
    return address.strip("\"'<>;,. ")


def addresses(cell: str) -> list[str]:
    """All in a cell of any content, as `email` would write them, valid or not."""
    parts = re.split(r"[\s,;/|<>()\"]+", cell.lower())
    return [_bare(part) for part in parts if "@" in part.strip("@.'")]


def number(cell: str) -> str:
    text = plain("".join(cell.split()).lstrip("'’"))
    if re.fullmatch(r"\d[.,]\d+e\+?\d+|\de\+\d+", text.lower()):
        raise Wrong(refuse(ImportRefusal.NUMBER_ROUNDED, value=shown(cell)))
    return text


def floor(cell: str) -> int | None:
    try:
        return floor_number(plain(cell))
    except ValueError:
        raise Wrong(refuse(ImportRefusal.FLOOR_INVALID, value=shown(cell))) from None


def yes_or_no(cell: str) -> bool | None:
    text = normal(plain(cell))
    if not text:
        # « ✓ » has no letters.
        return True if cell.strip() in ("✓", "✔", "☑", "*", "+") else None
    if text in YES:
        return True
    if text in NO:
        return False
    raise Wrong(refuse(ImportRefusal.YES_NO_INVALID, value=shown(cell)))


def president(cell: str) -> bool | None:
    text = normal(cell)
    if PRESIDENT.search(text):
        return True
    return False if MEMBER_OF_JURY.search(text) else yes_or_no(cell)


def kind(cell: str) -> tuple[JurorKind | None, bool | None]:
    """The kind, and whether the juror presides (None: the cell does not contain it)."""
    text = normal(cell)
    if not text:
        return None, None
    presides = True if PRESIDENT.search(text) else None
    if CLIENT.search(text):
        return JurorKind.CLIENT, presides
    if TEACHER.search(text):
        return JurorKind.TEACHER, presides
    if presides or MEMBER_OF_JURY.search(text):
        return None, presides
    raise Wrong(refuse(ImportRefusal.KIND_INVALID, value=shown(cell)))


def has_left(cell: str) -> bool:
    return LEFT.fullmatch(normal(cell)) is not None


def person(cell: str) -> tuple[str, str]:
    """« Zoé Durand <zoe@…> », an address or a name: the address and the name."""
    match = ADDRESS.search(cell)
    if match is None:
        return "", full_name(cell, family_first=False)
    name = BETWEEN.sub("", f"{cell[: match.start()]} {cell[match.end() :]}")
    return email(match[1]), full_name(name, family_first=False)


def people(cell: str) -> list[tuple[str, str]]:
    """Separated by line breaks, semicolons, slashes or commas."""
    parts = [part for part in re.split(r"[\n\r;/|]+", cell) if part.strip()]
    if len(parts) == 1:
        parts = [part for part in cell.split(",") if part.strip()]
    return [one for part in parts for one in _each_person(part.strip())]


def _each_person(text: str) -> list[tuple[str, str]]:
    """Several addresses in one text, each after its name, before it, or without one."""
    emails = list(ADDRESS.finditer(text))
    if len(emails) < 2:
        return [person(text)]
    edges = [0, *(edge for match in emails for edge in match.span()), len(text)]
    between = [
        BETWEEN.sub("", text[start:end]) for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    names = between[:-1] if between[0] or not between[-1] else between[1:]
    return [
        (email(match[1]), full_name(name, family_first=False))
        for match, name in zip(emails, names, strict=True)
    ]


def name_of(first: str, last: str) -> str:
    return " ".join(filter(None, (_cased(without_civility(first)), _cased(without_civility(last)))))


def without_civility(name: str) -> str:
    """« Mme DURAND » is « DURAND »."""
    match = CIVILITY.match(name.strip())
    return name.strip()[match.end() :] if match else name


def full_name(cell: str, *, family_first: bool) -> str:
    """« Mme DURAND Zoé » is « Zoé Durand ». `family_first`: the order if no part is in capitals."""
    cell = re.sub(r"\([^()]*\)", " ", without_civility(cell))
    family, comma, given_name = cell.partition(",")
    if comma and given_name.strip():
        return name_of(given_name, family)
    words = cell.split()
    capitals = [_is_capitals(word) for word in words]
    if any(capitals) and not all(capitals):
        if any(word in PARTICLES for word in words):
            cased = (word if word in PARTICLES else _cased(word) for word in words)
            return " ".join(cased)  # « Anne de LA TOUR »
        pairs = list(zip(words, capitals, strict=True))
        first, last = ([w for w, upper in pairs if upper is wanted] for wanted in (False, True))
        return name_of(" ".join(first), " ".join(last))
    if family_first and len(words) > 1:
        end = 1
        while end < len(words) - 1 and words[end - 1].lower() in PARTICLES:
            end += 1
        return name_of(" ".join(words[end:]), " ".join(words[:end]))
    return _cased(cell)


def same_name(name: str) -> str:
    """Equal for two spellings of one name, in any order of its words."""
    return " ".join(sorted(normal(name).split()))


def is_poorer(name: str, known: str) -> bool:
    """Whether `name` adds nothing to `known`: it is the same name, lacks its accents (as in
    files of Apogée), or is one word of it.
    """
    words, known_words = normal(name).split(), normal(known).split()
    if len(words) == 1 < len(known_words) and words[0] in known_words:
        return True
    if same_name(name) != same_name(known):
        return False
    return name == known or sum(not c.isascii() for c in known) > sum(not c.isascii() for c in name)


def shown(cell: str) -> str:
    text = " ".join(cell.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _is_capitals(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


def _cased(text: str) -> str:
    """« LE GOFF » and « le goff » are « Le Goff ». Names in mixed case stay."""
    text = " ".join(text.split())
    letters = [c for c in text if c.isalpha()]
    if len(letters) > 1 and (all(map(str.isupper, letters)) or all(map(str.islower, letters))):
        return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), text)
    return text
