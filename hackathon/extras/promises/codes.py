"""The code of a promise that is read aloud and typed (decision 49): five lines of eight letters.

Seven letters of a line carry 35 bits, the eighth checks the line. All together carry the numbers of
team and deliverable, the size, the clock and the first 80 bits of the SHA-256. The browser writes
the same code (`js/promises-codes.js`).
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.core.errors import Refused, refuse
from hackathon.extras.promises.errors import PromiseRefusal

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's
ALIKE = str.maketrans("OIL", "011")
LINES, LETTERS = 5, 7
LENGTH = LETTERS + 1
# In the order of the code. The clock is in seconds, and begins again after six days.
BITS = {"team": 20, "deliverable": 20, "size": 36, "clock": 19, "digest": 80}
DIGEST_DIGITS = BITS["digest"] // 4


class Typed(NamedTuple):
    """`clock`: seconds. `digest`: the first 20 hexadecimal digits."""

    team: int
    deliverable: int
    size: int
    clock: int
    digest: str


def check_of(index: int, values: list[int]) -> int:
    """In the field of 32 elements: it finds one wrong letter of a line and two exchanged ones. It
    depends on the line, so that exchanged lines are found too.
    """
    check = index + 1
    for value in [*values, 0]:
        check = check << 1 ^ (0x25 if check & 16 else 0) ^ value
    return check


def decode(text: str) -> Typed:
    """Raises `Refused` with the places to read again."""
    lines = _lines(text)
    values = [[ALPHABET.index(letter) for letter in line] for line in lines]
    wrong = [n for n, line in enumerate(values) if check_of(n, line[:LETTERS]) != line[LETTERS]]
    if wrong:
        places = ", ".join(_place(n) for n in wrong)
        raise Refused(refuse(PromiseRefusal.CODE_LINES, places=places))
    number = 0
    for value in (value for line in values for value in line[:LETTERS]):
        number = number << 5 | value
    found: dict[str, int] = {}
    for name, bits in reversed(BITS.items()):
        found[name], number = number & ((1 << bits) - 1), number >> bits
    digest = f"{found.pop('digest'):0{DIGEST_DIGITS}x}"
    return Typed(**found, digest=digest)


def clock_of(typed: Typed, *, at: datetime) -> datetime:
    """The instant near `at` that the clock of the computer showed."""
    period = 1 << BITS["clock"]
    now = int(at.timestamp())
    distance = (typed.clock - now + period // 2) % period - period // 2
    return datetime.fromtimestamp(now, UTC) + timedelta(seconds=distance)


def _lines(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text[:400]).upper().translate(ALIKE)
    typed = [re.sub(r"[\s\-‐-―._:]", "", line) for line in plain.splitlines()]
    lines = [line for line in typed if line]
    if len(lines) != LINES:
        joined = "".join(lines)
        lines = [joined[at : at + LENGTH] for at in range(0, len(joined), LENGTH)]
    if strange := list(_strange(lines)):
        raise Refused(refuse(PromiseRefusal.CODE_LETTERS, places=", ".join(strange)))
    if len(lines) != LINES or any(len(line) != LENGTH for line in lines):
        raise Refused(
            refuse(
                PromiseRefusal.CODE_LENGTH,
                lines=LINES,
                length=LENGTH,
                places=", ".join(_lengths(lines)),
            )
        )
    return lines


def _strange(lines: list[str]) -> Iterator[str]:
    for index, line in enumerate(lines):
        for place, letter in enumerate(line):
            if letter not in ALPHABET:
                yield _letter(letter, index, place)


def _lengths(lines: list[str]) -> Iterator[str]:
    wrong = [(n, len(line)) for n, line in enumerate(lines) if len(line) != LENGTH]
    if len(lines) != LINES or not wrong:
        yield _letters(sum(map(len, lines)))
        return
    for index, count in wrong:
        yield f"{_place(index)}, {_letters(count)}"


def _place(index: int) -> str:
    return _("ligne {n}").format(n=index + 1)


def _letter(letter: str, index: int, place: int) -> str:
    where = _("« {letter} », ligne {line}, lettre {place}")
    return where.format(letter=letter, line=index + 1, place=place + 1)


def _letters(count: int) -> str:
    return ngettext("{n} lettre", "{n} lettres", count).format(n=count)
