"""Which team could sit in which room: a proposal from plain values.

The rule is first-fit decreasing: the largest teams first, each in the first room where it fits.
Equal rooms are then at most 11/9 of the fewest possible, plus 6/9 (G. Dósa, "The tight bound of
first fit decreasing bin-packing algorithm is FFD(I) ≤ 11/9 OPT(I) + 6/9", 2007). Here it runs
department by department, so that a department stays together. If teams are left over, it also
runs over all departments at once, and the proposal that leaves fewer people is taken.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Place:
    """A room with its number of places. Rooms are tried in their order."""

    name: str
    floor: int | None
    places: int


@dataclass(frozen=True)
class Group:
    """A team. `room`: where it is, or empty. An absent one keeps its places, and gets none."""

    pk: int
    name: str
    department: int
    size: int
    room: str
    floor: int | None
    absent: bool = False


@dataclass(frozen=True)
class Filled:
    """A room with the teams that are there and those that would come."""

    place: Place
    here: tuple[Group, ...]
    coming: tuple[Group, ...] = ()

    @property
    def taken(self) -> int:
        return sum(group.size for group in (*self.here, *self.coming))

    @property
    def free(self) -> int:
        return self.place.places - self.taken

    @property
    def missing(self) -> int:
        return max(-self.free, 0)


@dataclass(frozen=True)
class Left:
    """A team that fits nowhere. `most`: the places of the largest room if the team is too large for
    each, or else the most places that are left in one. `loses`: it has a room now, whose places
    others may get.
    """

    group: Group
    most: int
    too_large: bool
    loses: bool


@dataclass(frozen=True)
class Proposal:
    rooms: tuple[Filled, ...]
    left: tuple[Left, ...]

    @property
    def changes(self) -> list[tuple[Group, str, int | None]]:
        """Teams with the room and floor that they would get."""
        come = [(g, room.place.name, room.place.floor) for room in self.rooms for g in room.coming]
        go = [(left.group, "", None) for left in self.left if left.loses]
        return [
            change for change in (*come, *go) if change[1:] != (change[0].room, change[0].floor)
        ]


def key_of(room: str) -> str:
    return " ".join(room.split()).casefold()


def occupied(places: Iterable[Place], groups: Iterable[Group]) -> list[Filled]:
    """Who is where now."""
    by_room: dict[str, list[Group]] = {}
    for group in groups:
        by_room.setdefault(key_of(group.room), []).append(group)
    return [Filled(place, tuple(by_room.get(key_of(place.name), ()))) for place in places]


def elsewhere(places: Iterable[Place], groups: Iterable[Group]) -> tuple[Group, ...]:
    """In a room that is not one of `places`."""
    known = {key_of(place.name) for place in places}
    return tuple(g for g in groups if g.room and key_of(g.room) not in known)


def propose(places: Sequence[Place], groups: Iterable[Group], *, moves: bool) -> Proposal:
    """`moves`: teams that have a room may get another one."""
    groups = list(groups)
    waiting = [g for g in groups if not g.absent and (not g.room or (moves and g.size))]
    stay = [g for g in groups if g not in waiting]
    start = occupied(places, [g for g in stay if g.room])
    known = {key_of(place.name) for place in places}
    rooms, left = _together(start, waiting)
    if left:
        mixed, left_mixed = _fill(start, waiting, together=False)
        if _people(left_mixed) < _people(left):
            rooms, left = mixed, left_mixed
    largest = max((place.places for place in places), default=0)
    most = max((room.free for room in rooms), default=0)
    named = []
    for group in left:
        too_large = group.size > largest
        loses = bool(group.room) and key_of(group.room) in known
        named.append(Left(group, largest if too_large else max(most, 0), too_large, loses))
    return Proposal(tuple(rooms), tuple(named))


def _together(start: list[Filled], groups: Iterable[Group]) -> tuple[list[Filled], list[Group]]:
    """The department with the most people first: it needs most rooms."""
    by_department = groupby(sorted(groups, key=lambda g: g.department), lambda g: g.department)
    rooms, left = start, []
    departments = [list(members) for _department, members in by_department]
    for department in sorted(departments, key=_people, reverse=True):
        rooms, more = _fill(rooms, department, together=True)
        left += more
    return rooms, left


def _fill(
    start: list[Filled], groups: Iterable[Group], *, together: bool
) -> tuple[list[Filled], list[Group]]:
    rooms, left = list(start), []
    for group in sorted(groups, key=lambda g: (-g.size, g.name)):
        fitting = [i for i, room in enumerate(rooms) if room.free >= group.size]
        if not group.size or not fitting:
            left.append(group)
            continue
        chosen = min(fitting, key=lambda i: (_rank(rooms, i, group) if together else (), i))
        room = rooms[chosen]
        rooms[chosen] = Filled(room.place, room.here, (*room.coming, group))
    return rooms, left


def _rank(rooms: list[Filled], index: int, group: Group) -> tuple[int, int]:
    """Beside the own department, else alone on a floor where most of it is, else with others."""
    room = rooms[index]
    inside = [*room.here, *room.coming]
    if any(other.department == group.department for other in inside):
        return 0, 0
    floors = Counter(
        filled.place.floor
        for filled in rooms
        for other in (*filled.here, *filled.coming)
        if other.department == group.department
    )
    return (2 if inside else 1), -floors[room.place.floor]


def _people(groups: Iterable[Group]) -> int:
    return sum(max(group.size, 1) for group in groups)
