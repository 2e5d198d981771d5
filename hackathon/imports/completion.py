"""Places people who have no team, so that few of a team share a group or a programme.

Greedy, then exchanges of two people as long as they help. The same seed gives the same teams.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

EXCHANGES = 50  # tried for each person, and at most in all: about 0.1 s
EXCHANGES_MAX = 20_000
SAMPLES = 20  # of random teams of the same sizes, to compare with


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


@dataclass(frozen=True)
class Pairs:
    """Pairs of people in one team who share a group, or a programme."""

    group: float = 0
    programme: float = 0


@dataclass
class Place:
    """A team with those who come to it. A new one has no `existing`."""

    existing: Existing | None
    wanted: int  # how many come
    people: list[Person] = field(default_factory=list)
    groups: Counter[str] = field(default_factory=Counter)
    programmes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for person in self.existing.members if self.existing else ():
            self._count(person, 1)

    @property
    def free(self) -> int:
        return self.wanted - len(self.people)

    def cost(self, person: Person) -> int:
        """With how many here they share something, not counting themselves twice."""
        shared = self.groups[person.group] if person.group else 0
        return shared + (self.programmes[person.programme] if person.programme else 0)

    def add(self, person: Person) -> None:
        self.people.append(person)
        self._count(person, 1)

    def remove(self, person: Person) -> None:
        self.people.remove(person)
        self._count(person, -1)

    def _count(self, person: Person, by: int) -> None:
        self.groups[person.group] += by
        self.programmes[person.programme] += by


@dataclass(frozen=True)
class Proposal:
    """`left`: people for whom no team has a seat. `random`: the mean of random teams."""

    places: list[Place]
    left: list[Person]
    pairs: Pairs
    random: Pairs

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
    left = waiting[sum(count for _team, count in wanted) :]
    placed = waiting[: len(waiting) - len(left)]
    places = _greedy(placed, wanted)
    _exchange(places, rng)
    return Proposal(places, left, _pairs(places), _random_pairs(placed, wanted, rng))


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


def _greedy(people: Iterable[Person], wanted: Wanted) -> list[Place]:
    places = [Place(team, number) for team, number in wanted]
    for person in people:
        free = [place for place in places if place.free]
        min(free, key=lambda place: (place.cost(person), -place.free)).add(person)
    return places


def _exchange(places: Sequence[Place], rng: Random) -> None:
    if len(places) < 2:
        return
    count = sum(len(place.people) for place in places)
    for _attempt in range(min(EXCHANGES * count, EXCHANGES_MAX)):
        one, other = rng.sample(places, 2)
        here, there = rng.choice(one.people), rng.choice(other.people)
        before = one.cost(here) + other.cost(there)
        one.remove(here)
        other.remove(there)
        # `cost` counted each of them with themselves.
        own = sum(bool(p.group) + bool(p.programme) for p in (here, there))
        if one.cost(there) + other.cost(here) < before - own:
            here, there = there, here
        one.add(here)
        other.add(there)


def _pairs(places: Iterable[Place]) -> Pairs:
    groups = programmes = 0
    for place in places:
        groups += sum(math.comb(n, 2) for name, n in place.groups.items() if name)
        programmes += sum(math.comb(n, 2) for name, n in place.programmes.items() if name)
    return Pairs(groups, programmes)


def _random_pairs(people: Sequence[Person], wanted: Wanted, rng: Random) -> Pairs:
    samples = []
    for _sample in range(SAMPLES):
        shuffled = iter(rng.sample(people, len(people)))
        places = [Place(team, number) for team, number in wanted]
        for place in places:
            for _seat in range(place.wanted):
                place.add(next(shuffled))
        samples.append(_pairs(places))
    return Pairs(
        sum(pairs.group for pairs in samples) / SAMPLES,
        sum(pairs.programme for pairs in samples) / SAMPLES,
    )
