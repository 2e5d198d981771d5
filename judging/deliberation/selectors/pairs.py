"""Two teams of one department beside each other. After the lock all of it comes from the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Department, Edition
from judging.deliberation.selectors.decision import DecisionState, decision_of
from judging.deliberation.selectors.minutes import Minutes, get_minutes_for, get_minutes_of
from judging.jury.selectors import get_president_for, jurors_of
from judging.ranking.departures import DepartureKind, find_departures
from judging.ranking.pairs import (
    Means,
    Pair,
    Share,
    Side,
    Unsplit,
    difference_of,
    means_of,
    shares_of,
)
from judging.ranking.results import RankingResult
from judging.ranking.selectors import (
    compute_ranking,
    ranking_inputs,
    record_at_lock,
    recorded_ranking,
)
from judging.ranking.standings import Sheet, Standing, Weighting, total


@dataclass(frozen=True)
class Basis:
    """A ranking and what it was computed from. Keys are ids."""

    criteria: list[dict[str, Any]]  # as in the record: id, name, weight, scale
    teams: dict[int, str]
    sheets: list[Sheet]
    method: str
    separation: float
    result: RankingResult

    @property
    def weightings(self) -> dict[int, Weighting]:
        return {c["id"]: Weighting(weight=c["weight"], top=c["scale"]) for c in self.criteria}

    @cached_property
    def shares(self) -> dict[int, dict[int, Share]] | Unsplit:
        return shares_of(self.sheets, self.weightings, method=self.method)

    @cached_property
    def standing_of(self) -> dict[int, Standing]:
        return {standing.team: standing for standing in self.result.standings}

    def chance(self, above: int, below: int) -> float | None:
        """None in records of older versions."""
        if (turned := self.result.pairs.get((below, above))) is not None:  # their values are equal
            return 1 - turned
        return self.result.pairs.get((above, below))


@dataclass(frozen=True)
class Pairs:
    """Of the teams of a department. `jurors`: their names, or numbers, by id."""

    department: Department
    basis: Basis
    decided: DecisionState
    jurors: Mapping[int, str]
    presides: bool

    def chosen(self, *wanted: str) -> Pair | None:
        """`wanted` are ids. What does not exist is replaced by the next team, the best first. None
        with fewer than two teams.
        """
        best_first = list(dict.fromkeys([*self.basis.standing_of, *self.basis.teams]))
        by_text = {str(pk): pk for pk in best_first}
        known = [by_text[text] for text in wanted if text in by_text]
        teams = list(dict.fromkeys([*known, *best_first]))[:2]
        return pair_of(self.basis, self.decided, *teams) if len(teams) == 2 else None

    def totals(self, pair: Pair) -> list[tuple[str, Fraction | None, Fraction | None]]:
        """By juror, out of 20, None without a sheet of the team. Who has read both comes first."""
        sheets, weightings = self.basis.sheets, self.basis.weightings
        totals = {(s.juror, s.team): total(s.marks, weightings) for s in sheets}
        rows = [
            (name, totals.get((pk, pair.first.team)), totals.get((pk, pair.second.team)))
            for pk, name in sorted(self.jurors.items(), key=lambda item: item[1])
        ]
        read = (row for row in rows if row.count(None) < 2)
        return sorted(read, key=lambda row: row.count(None))


def get_pairs_for(
    user: User | AnonymousUser, code: str, edition: Edition | None, *, at: datetime
) -> Pairs:
    """For the president, and for who reads the minutes, which have all marks."""
    try:
        department = get_president_for(user, code, edition).department
    except NotFound:
        return _of_minutes(get_minutes_for(user, code, edition, at=at))
    names = {juror.pk: juror.user.display_name for juror in jurors_of(department)}
    return _pairs(department, names, presides=True)


def get_pairs_of(user: User | AnonymousUser, pk: int, *, at: datetime) -> Pairs:
    """For organizers who read the minutes, of a department of any edition."""
    return _of_minutes(get_minutes_of(user, pk, at=at))


def basis_of(department: Department) -> Basis:
    """No access check."""
    record = record_at_lock(department)
    return recorded_basis(record) if "ranking" in record else _current_basis(department)


def recorded_basis(record: Mapping[str, Any]) -> Basis:
    parameters = record["parameters"]
    return Basis(
        criteria=record["criteria"],
        teams={team["id"]: team["name"] for team in record["teams"]},
        sheets=[
            Sheet(s["juror"], s["team"], {int(pk): Decimal(v) for pk, v in s["marks"].items()})
            for s in record["sheets"]
        ],
        method=parameters["method"],
        separation=float(parameters["separation"]),
        result=recorded_ranking(record),
    )


def pair_of(basis: Basis, decided: DecisionState, one: int, other: int) -> Pair:
    """The higher value comes first; if they are equal, the better place, then the name."""
    first, second = sorted(
        (_side(basis, decided, pk) for pk in (one, other)),
        key=lambda side: (
            -side.standing.estimate if side.standing else 0,
            side.place or len(basis.teams) + 1,
            side.name,
        ),
    )
    pair: dict[str, Any] = {
        "first": first,
        "second": second,
        "method": basis.method,
        "separation": basis.separation,
        "criteria": _means(basis, first.team, second.team),
        "departures": _departures(basis, decided, {one, other}),
        "decided": bool(decided.places),
        "locked": decided.is_locked,
    }
    pair["has_reason"] = bool(decided.reason and pair["departures"])
    above, below = first.standing, second.standing
    if above is None or below is None or above.component != below.component:
        return Pair(**pair, difference=None, chance=None)
    difference, unsplit = difference_of(above, below, basis.shares)
    jurors = [{s.juror for s in basis.sheets if s.team == pk} for pk in (first.team, second.team)]
    return Pair(
        **pair,
        difference=difference,
        unsplit=unsplit,
        chance=basis.chance(first.team, second.team),
        tied=any({one, other} <= set(group) for group in basis.result.groups),
        same_jurors=jurors[0] == jurors[1],
    )


def _of_minutes(minutes: Minutes) -> Pairs:
    return _pairs(minutes.department, minutes.jurors, presides=False)


def _pairs(department: Department, jurors: Mapping[int, str], *, presides: bool) -> Pairs:
    decided = decision_of(department)
    return Pairs(department, basis_of(department), decided, jurors, presides)


def _current_basis(department: Department) -> Basis:
    inputs = ranking_inputs(department)
    return Basis(
        criteria=[
            {"id": c.pk, "name": c.name, "weight": c.weight, "scale": c.scale}
            for c in inputs.criteria
        ],
        teams={team.pk: team.name for team in inputs.teams.values()},
        sheets=list(inputs.sheets),
        method=inputs.rules.method,
        separation=float(inputs.rules.separation),
        result=compute_ranking(inputs),
    )


def _side(basis: Basis, decided: DecisionState, pk: int) -> Side:
    return Side(
        team=pk,
        name=basis.teams[pk],
        standing=basis.standing_of.get(pk),
        place=decided.ranks.get(pk),
    )


def _means(basis: Basis, first: int, second: int) -> list[Means]:
    return [
        Means(
            criterion=c["id"],
            name=c["name"],
            scale=c["scale"],
            weight=c["weight"],
            first=means_of(basis.sheets, first, c["id"]),
            second=means_of(basis.sheets, second, c["id"]),
        )
        for c in basis.criteria
    ]


def _departures(
    basis: Basis, decided: DecisionState, pair: set[int]
) -> list[tuple[DepartureKind, int]]:
    """Between these two teams; the team is the one that gets more."""
    found = find_departures(basis.result.standings, basis.result.groups, decided.ranks)
    between = [d for d in found if {d.team, d.other} == pair]
    unmarked = [d for d in found if d.kind == DepartureKind.UNMARKED and d.team in pair]
    apart = {basis.standing_of[pk].component for pk in pair if pk in basis.standing_of}
    departures = [(d.kind, d.team) for d in (*unmarked, *between)]
    if len(apart) > 1 and pair & decided.ranks.keys():
        departures.append((DepartureKind.INCOMPARABLE, min(pair & decided.ranks.keys())))
    return departures
