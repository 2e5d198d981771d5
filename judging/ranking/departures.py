"""Where a decision departs from the ranking, and where the ranking departs from the plain means.

A decision follows the ranking if a team with a better place stands in an earlier group than every
comparable team with a worse place or none, and if all teams of a group get the same place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from judging.ranking.standings import Key, Standing

FAR = 3  # places: a team that corrections move so far has to be confirmed by the president
NO_PLACE = 10**6  # sorts after every place


class DepartureKind(StrEnum):
    REVERSED = "reversed"  # `team` gets more than `other`, which the ranking puts above it
    JOINED = "joined"  # two teams that the ranking separates get the same place
    SEPARATED = "separated"  # two teams that are ex aequo get different places
    INCOMPARABLE = "incomparable"  # teams of different components are compared
    UNMARKED = "unmarked"  # a team without a sheet gets a place


@dataclass(frozen=True)
class Departure:
    """In the decision, `team` gets at least as much as `other`."""

    kind: DepartureKind
    team: Key
    other: Key | None = None


@dataclass(frozen=True)
class MovedTeam:
    team: Key
    rank: int
    mean_rank: int  # by plain means


@dataclass(frozen=True)
class OrderChange:
    """What the corrections change in the order of the plain means."""

    winner_differs: bool
    moved: list[MovedTeam]

    def __bool__(self) -> bool:
        return self.winner_differs or bool(self.moved)


def find_departures(
    standings: Sequence[Standing], groups: Iterable[Sequence[Key]], places: Mapping[Key, int]
) -> list[Departure]:
    """In the order of the ranking. `groups` are those of `Ranking`."""
    group = {team: number for number, teams in enumerate(groups) for team in teams}
    component = {standing.team: standing.component for standing in standings}
    departures = [
        Departure(DepartureKind.UNMARKED, team)
        for team in sorted(places, key=lambda team: (places[team], str(team)))
        if team not in component
    ]
    if len(set(component.values())) > 1 and any(team in component for team in places):
        # One for all of them: the others would say the same.
        best = min((t for t in places if t in component), key=lambda t: (places[t], str(t)))
        departures.append(Departure(DepartureKind.INCOMPARABLE, best))
    ordered = [standing.team for standing in standings]
    for i, above in enumerate(ordered):
        for below in ordered[i + 1 :]:
            if component[above] == component[below]:
                departures += _between(above, below, group[above] == group[below], places)
    return departures


def order_change(standings: Iterable[Standing]) -> OrderChange:
    standings = list(standings)
    leaders = {s.team for s in standings if s.rank == 1}
    plain = {s.team for s in standings if s.mean_rank == 1}
    return OrderChange(
        winner_differs=leaders != plain,
        moved=[
            MovedTeam(s.team, s.rank, s.mean_rank)
            for s in standings
            if abs(s.rank - s.mean_rank) >= FAR
        ],
    )


def _between(above: Key, below: Key, tied: bool, places: Mapping[Key, int]) -> list[Departure]:
    first, second = places.get(above, NO_PLACE), places.get(below, NO_PLACE)
    if first == second:
        joined = not tied and first != NO_PLACE
        return [Departure(DepartureKind.JOINED, above, below)] if joined else []
    better, worse = (above, below) if first < second else (below, above)
    if tied:
        return [Departure(DepartureKind.SEPARATED, better, worse)]
    return [Departure(DepartureKind.REVERSED, below, above)] if second < first else []
