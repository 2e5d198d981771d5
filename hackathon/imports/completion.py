"""Places people who have no team, so that few of a team share a group or a programme. The same seed
gives the same teams.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random


@dataclass(frozen=True)
class Person:
    """An empty group or programme is like no other."""

    key: int
    group: str = ""
    programme: str = ""


@dataclass(frozen=True)
class Existing:
    key: int
    members: tuple[Person, ...] = ()


@dataclass
class Place:
    """A team with those who come to it. A new one has no `existing`."""

    existing: Existing | None
    wanted: int  # how many come
    people: list[Person] = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.wanted - len(self.people)

    def shared(self, person: Person) -> int:
        """With how many here the person shares a group, and a programme."""
        here = [*(self.existing.members if self.existing else ()), *self.people]
        return sum(
            (bool(person.group) and other.group == person.group)
            + (bool(person.programme) and other.programme == person.programme)
            for other in here
        )


@dataclass(frozen=True)
class Proposal:
    """`left`: people for whom no team has a seat."""

    places: list[Place]
    left: list[Person]

    @property
    def placed(self) -> int:
        return sum(len(place.people) for place in self.places)

    @property
    def new(self) -> list[Place]:
        return [place for place in self.places if place.existing is None]


def propose(
    people: Iterable[Person],
    teams: Sequence[Existing],
    *,
    size: int,
    least: int,
    most: int,
    seed: int,
) -> Proposal:
    """First the teams below `least` members, then new teams of about `size`, then free seats."""
    rng = Random(seed)  # noqa: S311 - not a secret: the same preview again
    waiting = sorted(people, key=lambda person: person.key)
    rng.shuffle(waiting)
    wanted = _sizes(len(waiting), teams, size=size, least=least, most=most)
    sizes = Counter(person.group for person in waiting)
    waiting.sort(key=lambda person: -sizes[person.group])  # the largest groups first
    places = [Place(team, number) for team, number in wanted]
    count = sum(place.wanted for place in places)
    for person in waiting[:count]:
        free = [place for place in places if place.free]
        min(free, key=lambda place: (place.shared(person), -place.free)).people.append(person)
    return Proposal(places, waiting[count:])


type Wanted = list[tuple[Existing | None, int]]


def _sizes(count: int, teams: Sequence[Existing], *, size: int, least: int, most: int) -> Wanted:
    """How many people come to each team."""
    coming: dict[int, int] = {}
    for team in sorted(teams, key=lambda team: -len(team.members)):
        needed = min(max(least - len(team.members), 0), count)
        coming[team.key] = needed
        count -= needed
    new = _new_sizes(count, size=size, least=least, most=most)
    count -= sum(new)
    while count:
        # Free seats, in the smallest teams first: only what fits into no new team.
        open_ = [team for team in teams if len(team.members) + coming[team.key] < most]
        if not open_:
            break
        smallest = min(open_, key=lambda team: len(team.members) + coming[team.key])
        coming[smallest.key] += 1
        count -= 1
    old: Wanted = [(team, coming[team.key]) for team in teams if coming[team.key]]
    return [*old, *((None, number) for number in new)]


def _new_sizes(count: int, *, size: int, least: int, most: int) -> list[int]:
    fewest, largest = math.ceil(count / most), count // max(least, 1)
    number = min(max(round(count / size), fewest), largest)
    if not number:
        return []
    members, more = divmod(count, number)
    return [min(members + (index < more), most) for index in range(number)]
