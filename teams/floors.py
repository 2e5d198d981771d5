"""Grouping by floor. Floors are numbers, the ground floor is 0."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


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
