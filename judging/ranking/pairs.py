"""Why one team has a higher value than another, part by part.

A value of `adjusted_means` or `plain_means` is linear in the totals, and a total is linear in the
marks of its sheet: what a criterion gives to a value is the value that the same method gives for
the parts of the totals that come from this criterion.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from judging.enums import Method
from judging.ranking.departures import NO_PLACE, DepartureKind
from judging.ranking.grid import METHODS, components
from judging.ranking.standings import Key, Sheet, Standing, Total, Weighting
from judging.scales import OUT_OF, rounded

SAME = 1e-6  # points: a value that was computed again is the recorded one


class Unsplit(StrEnum):
    """Why the values are not the sum of what the criteria give."""

    MEDIAN = "median"  # it is not linear
    MISSING = "missing"  # a total without one of the marks weighs the others more
    OUTDATED = "outdated"  # the recorded values were computed by another version


@dataclass(frozen=True)
class Share:
    """What a criterion gives to a team, in points of the total: to its plain mean, to its value."""

    mean: float
    value: float


@dataclass(frozen=True)
class Part:
    """Of a difference, with two decimals. Without criterion: the rounding, or all of it."""

    marks: Decimal
    correction: Decimal
    criterion: Key = None

    @property
    def both(self) -> Decimal:
        return self.marks + self.correction

    def __bool__(self) -> bool:
        return bool(self.marks or self.correction)


@dataclass(frozen=True)
class Difference:
    """`total` is the difference of the printed values, and the sum of `parts` and `rounding`."""

    total: Part
    parts: list[Part]
    rounding: Part


@dataclass(frozen=True)
class Means:
    """Of the marks of a criterion, on its scale. None without a mark."""

    criterion: Key
    name: str
    scale: int
    weight: int
    first: Fraction | None
    second: Fraction | None

    @property
    def gap(self) -> Fraction:
        if self.first is None or self.second is None:
            return Fraction(0)
        return self.first - self.second


@dataclass(frozen=True)
class Side:
    """`standing` is None without a finished sheet. The jury gave the `place`."""

    team: Key
    name: str
    standing: Standing | None
    place: int | None = None


@dataclass(frozen=True)
class Pair:
    """`first` has the higher value. `difference` and `chance` (that the order of the values is the
    right one) are None if the two cannot be compared. `departures`: of the decision, between these
    two, each with the team that gets more. `decided`: some team has a place; `locked`: for good.
    """

    first: Side
    second: Side
    method: str
    separation: float
    criteria: list[Means]
    difference: Difference | None
    chance: float | None
    unsplit: Unsplit | None = None
    tied: bool = False  # ex aequo in the ranking
    same_jurors: bool = False
    departures: Sequence[tuple[DepartureKind, Key]] = ()
    decided: bool = False
    locked: bool = False
    has_reason: bool = False  # the jury wrote why it departs from the ranking

    @property
    def corrects(self) -> bool:
        return self.method == Method.HARMONISED


def shares_of(
    sheets: Iterable[Sheet], weightings: Mapping[Key, Weighting], *, method: str
) -> dict[Key, dict[Key, Share]] | Unsplit:
    """By team and criterion."""
    sheets = [sheet for sheet in sheets if sheet.marks]
    if method == Method.MEDIAN:
        return Unsplit.MEDIAN
    marked = {frozenset(sheet.marks) for sheet in sheets}
    if len(marked) > 1:
        return Unsplit.MISSING
    shares: dict[Key, dict[Key, Share]] = {sheet.team: {} for sheet in sheets}
    criteria = [key for key in weightings if key in next(iter(marked), ())]
    weight = sum(Fraction(weightings[key].weight) for key in criteria)
    for key in criteria:
        factor = (
            OUT_OF * Fraction(weightings[key].weight) / (weight * Fraction(weightings[key].top))
        )
        parts = [Total(s.juror, s.team, factor * Fraction(s.marks[key])) for s in sheets]
        for grid in components(parts):
            values = METHODS[method](grid).team_values
            for team, mean, value in zip(grid.teams, grid.team_means, values, strict=True):
                shares[team][key] = Share(float(mean), float(value))
    return shares


def difference_of(
    first: Standing, second: Standing, shares: Mapping[Key, Mapping[Key, Share]] | Unsplit
) -> tuple[Difference, Unsplit | None]:
    """First less second. The parts are rounded each by itself, as a reader would: what is left over
    is a line of its own.
    """
    marks = rounded(first.mean) - rounded(second.mean)
    total = Part(marks, rounded(first.estimate) - rounded(second.estimate) - marks)
    if not isinstance(shares, Unsplit) and not all(_is_sum(s, shares) for s in (first, second)):
        shares = Unsplit.OUTDATED
    if isinstance(shares, Unsplit):
        return Difference(total, [], Part(Decimal(0), Decimal(0))), shares
    parts = [
        _part(key, shares[first.team][key], shares[second.team][key]) for key in shares[first.team]
    ]
    rounding = Part(
        total.marks - sum((part.marks for part in parts), Decimal(0)),
        total.correction - sum((part.correction for part in parts), Decimal(0)),
    )
    return Difference(total, parts, rounding), None


def means_of(sheets: Iterable[Sheet], team: Key, criterion: Key) -> Fraction | None:
    marks = [
        Fraction(s.marks[criterion]) for s in sheets if s.team == team and criterion in s.marks
    ]
    return sum(marks, Fraction()) / len(marks) if marks else None


def just_before(standings: Iterable[Standing], places: Mapping[Key, int], team: Key) -> list[Key]:
    """Several if they are equal. Teams with a place come first, in the order of their places; the
    others follow in the order of the ranking. Only teams that can be compared with `team`.
    """
    standings = list(standings)
    component = next((s.component for s in standings if s.team == team), None)
    order = {
        s.team: (place, 0) if (place := places.get(s.team)) else (NO_PLACE, s.rank)
        for s in standings
        if s.component == component
    }
    before = [key for key in order.values() if team in order and key < order[team]]
    return [other for other, key in order.items() if before and key == max(before)]


def _is_sum(standing: Standing, shares: Mapping[Key, Mapping[Key, Share]]) -> bool:
    own = shares.get(standing.team, {}).values()
    mean, value = (sum(share.mean for share in own), sum(share.value for share in own))
    return abs(mean - standing.mean) < SAME and abs(value - standing.estimate) < SAME


def _part(criterion: Key, first: Share, second: Share) -> Part:
    marks = first.mean - second.mean
    return Part(rounded(marks), rounded(first.value - second.value - marks), criterion)
