"""Where a decision leaves the ranking, and where the ranking leaves the plain means. Pure.

A decision follows the ranking if, among teams that can be compared, who gets a place stands in an
earlier group than who gets a later one or none, and the teams of one group (ex aequo: the marks do
not tell them apart) all get the same. Anything else may be right, and needs a reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from judging.ranking.standings import Key, Standing

MOVED = 3  # places: from so many on, what corrections do is confirmed by hand
NO_PLACE = 10**6  # after every place


class Departure(StrEnum):
    """How a decision leaves the ranking."""

    REVERSED = "reversed"  # `team` gets more than `other`, which the ranking puts above it
    JOINED = "joined"  # the same place for two that the ranking tells apart
    SEPARATED = "separated"  # different places for two that the ranking cannot tell apart
    INCOMPARABLE = "incomparable"  # a choice among teams that no jurors link
    UNMARKED = "unmarked"  # a place for a team without a sheet


@dataclass(frozen=True)
class Departing:
    """One of them. `team` gets at least as much as `other` does."""

    kind: Departure
    team: Key
    other: Key | None = None


@dataclass(frozen=True)
class Moved:
    """A team whose place changes with the corrections: from `mean_rank` to `rank`."""

    team: Key
    rank: int
    mean_rank: int


@dataclass(frozen=True)
class Order:
    """What corrections do to the plain order that a president confirms by hand."""

    winner_differs: bool
    moved: list[Moved]

    def __bool__(self) -> bool:
        return self.winner_differs or bool(self.moved)


def departures(
    standings: Sequence[Standing], groups: Iterable[Sequence[Key]], places: Mapping[Key, int]
) -> list[Departing]:
    """All of them, one for each pair of teams, in the order of the ranking.

    `places` by team, of those that get one; `groups` as in `Ranking`.
    """
    group = {team: number for number, teams in enumerate(groups) for team in teams}
    component = {standing.team: standing.component for standing in standings}
    found = [
        Departing(Departure.UNMARKED, team)
        for team in sorted(places, key=lambda team: (places[team], str(team)))
        if team not in component
    ]
    if len(set(component.values())) > 1 and any(team in component for team in places):
        best = min((t for t in places if t in component), key=lambda t: (places[t], str(t)))
        found.append(Departing(Departure.INCOMPARABLE, best))
    ordered = [standing.team for standing in standings]
    for i, above in enumerate(ordered):
        for below in ordered[i + 1 :]:
            if component[above] == component[below]:
                found += _between(above, below, group[above] == group[below], places)
    return found


def order_of(standings: Iterable[Standing]) -> Order:
    """Whether the corrections change who leads, or move a team by three places or more."""
    standings = list(standings)
    leaders = {s.team for s in standings if s.rank == 1}
    plain = {s.team for s in standings if s.mean_rank == 1}
    return Order(
        winner_differs=leaders != plain,
        moved=[
            Moved(s.team, s.rank, s.mean_rank)
            for s in standings
            if abs(s.rank - s.mean_rank) >= MOVED
        ],
    )


def _between(above: Key, below: Key, tied: bool, places: Mapping[Key, int]) -> list[Departing]:
    first, second = places.get(above, NO_PLACE), places.get(below, NO_PLACE)
    if first == second:
        joined = not tied and first != NO_PLACE
        return [Departing(Departure.JOINED, above, below)] if joined else []
    better, worse = (above, below) if first < second else (below, above)
    if tied:
        return [Departing(Departure.SEPARATED, better, worse)]
    return [Departing(Departure.REVERSED, below, above)] if second < first else []
