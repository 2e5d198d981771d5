"""Floors are numbers, the ground floor is 0: as people write them, and grouping by them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from hackathon.base.core.typography import plain_letters

FLOOR_MIN, FLOOR_MAX = -5, 60
GROUND = frozenset({"rdc", "rez", "ground", "r d c"})
FLOOR_WORDS = frozenset(
    {"e", "er", "ere", "eme", "ieme", "nd", "nde", "etage", "niveau", "r", "floor", "sous", "sol"}
)


def floor_number(text: str) -> int | None:
    """« RDC », « 1er », « 2e étage », « sous-sol 2 »; None for nothing. Raises `ValueError`."""
    text = unicodedata.normalize("NFKC", text)
    letters = plain_letters(text).casefold()
    words = " ".join(re.sub(r"[\W_]+", " ", letters).split())
    if not words:
        return None
    if words in GROUND or words.startswith("rez de"):
        return 0
    if words == "sous sol":
        return -1
    digits = re.findall(r"-?\d+", text)
    rest = re.sub(r"\d+", " ", words).split()
    if len(digits) != 1 or set(rest) - FLOOR_WORDS:
        raise ValueError(text)
    value = int(digits[0]) if not rest or rest == ["r"] else int(digits[0].lstrip("-"))
    if "sous" in rest:
        value = -value
    if not FLOOR_MIN <= value <= FLOOR_MAX:
        raise ValueError(text)
    return value


class Placed(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def room(self) -> str: ...
    @property
    def floor(self) -> int | None: ...


type RoomOrder = tuple[list[tuple[int, str]], str]


def by_room(team: Placed) -> RoomOrder:
    """Sorts the teams of a floor by room: « 9 » before « 10 », « A9 » before « A10 »."""
    parts = re.split(r"(\d+)", team.room.casefold())
    # Texts and numbers alternate, the first of them a text.
    numbered = [(int(part), "") if part.isdecimal() else (0, part) for part in parts]
    return numbered, team.name


def place(team: Placed) -> tuple[bool, int, RoomOrder]:
    """Sorts teams by floor and room; the unknown floor comes last."""
    return team.floor is None, team.floor or 0, by_room(team)


@dataclass(frozen=True)
class Floor[Found]:
    """`number` is None if the floor is unknown."""

    number: int | None
    found: list[Found]


def by_floor[Found](
    things: Iterable[Found],
    *,
    floor_of: Callable[[Found], int | None],
    order: Callable[[Found], Any],
    nearest: int | None = None,
) -> list[Floor[Found]]:
    """From the lowest floor up, or by distance from `nearest`; the unknown floor comes last."""
    floors: defaultdict[int | None, list[Found]] = defaultdict(list)
    for thing in things:
        floors[floor_of(thing)].append(thing)

    def distance(number: int | None) -> tuple[bool, int, int]:
        if number is None:
            return True, 0, 0
        return False, 0 if nearest is None else abs(number - nearest), number

    return [
        Floor(number, sorted(floors[number], key=order)) for number in sorted(floors, key=distance)
    ]
