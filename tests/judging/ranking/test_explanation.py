import re
from typing import Any

import pytest
from django.utils import translation

from judging.ranking.departures import Departure, DepartureKind, find_departures, order_change
from judging.ranking.explanation import enumerated, explain_departures, explain_standing
from judging.ranking.standings import Standing


def explained(
    mean: float, estimate: float, *, sheets: int = 3, method: str = "harmonised", **more: Any
) -> str:
    line = Standing("A", 0, 1, estimate, estimate - 1.6, estimate + 1.6, mean, sheets, 1)
    return explain_standing(line, method=method, **more).replace("\u00a0", " ")


def test_the_sentence_of_a_standing() -> None:
    assert explained(mean=13.2, estimate=14.0, tied_with=["B", "F"]) == (
        "Moyenne brute 13,20 ; vos jurés notent 0,80 sous leurs collègues"
        " sur les mêmes équipes, donc 14,00, à ± 1,6 près : ex æquo avec B et F."
    )


def test_the_sentence_in_english() -> None:
    with translation.override("en"):
        text = explained(mean=13.2, estimate=14.0, tied_with=["B", "F"])

    assert text == (
        "Plain mean 13.20; your jurors mark 0.80 below their colleagues on the same teams,"
        " hence 14.00, give or take 1.6: tied with B and F."
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"mean": 14, "estimate": 13.5}, "notent 0,50 au-dessus de leurs collègues"),
        ({"mean": 14, "estimate": 14}, "vos jurés notent comme leurs collègues"),
        (
            {"mean": 14, "estimate": 14.5, "sheets": 1},
            "Une seule fiche, 14,00 ; votre juré note",
        ),
        (
            {"mean": 14, "estimate": 14, "method": "mean"},
            "Moyenne brute 14,00, à ± 1,6 près : seule",
        ),
        ({"mean": 14, "estimate": 15, "method": "median"}, "Médiane 15,00 (moyenne brute 14,00)"),
        ({"mean": 9, "estimate": 9, "sheets": 1, "method": "median"}, "Une seule fiche, 9,00, à"),
        ({"mean": 9, "estimate": 9, "comparable": False}, "Non comparable avec les équipes"),
    ],
)
def test_each_case_has_its_sentence(fields: dict, expected: str) -> None:
    assert expected in explained(**fields)


@pytest.mark.parametrize(
    ("mean", "estimate", "mean_gap_estimate"),
    [
        (13.204, 14.008, ["13,20", "0,81", "14,01"]),
        (10.005, 9.994, ["10,01", "0,02", "9,99"]),
        (12.5, 12.499, ["12,50", "12,50"]),  # equal once they are rounded: no gap
    ],
)
def test_the_written_numbers_add_up(
    mean: float, estimate: float, mean_gap_estimate: list[str]
) -> None:
    text = explained(mean=mean, estimate=estimate)

    assert re.findall(r"\d+,\d\d", text) == mean_gap_estimate


def test_further_names_are_counted() -> None:
    assert enumerated(["A"]) == "A"
    assert enumerated(["A", "B", "C"]) == "A, B et C"
    assert enumerated(list("ABCDEFG")) == "A, B, C, D et 3 autres"


# ---------------------------------------------------------------- departures


def standing(team: str, rank: int, component: int = 0, mean_rank: int | None = None) -> Standing:
    return Standing(team, component, rank, 20 - rank, 0, 20, 20 - rank, 3, mean_rank or rank)


RANKED = [standing(team, rank) for rank, team in enumerate("abcd", 1)]
GROUPS = [["a", "b"], ["c"], ["d"]]


@pytest.mark.parametrize(
    ("places", "kinds"),
    [
        ({"a": 1, "b": 1}, []),
        ({"a": 1, "b": 1, "c": 3}, []),
        ({}, []),
        ({"a": 1, "b": 2}, [("separated", "a", "b")]),
        ({"a": 1}, [("separated", "a", "b")]),
        ({"b": 1}, [("separated", "b", "a")]),
        ({"a": 1, "b": 1, "c": 1}, [("joined", "a", "c"), ("joined", "b", "c")]),
        ({"a": 1, "b": 1, "d": 3}, [("reversed", "d", "c")]),
        ({"x": 1}, [("unmarked", "x", None)]),
    ],
)
def test_departures_from_the_ranking(places: dict, kinds: list) -> None:
    found = find_departures(RANKED, GROUPS, places)

    assert [(d.kind, d.team, d.other) for d in found] == kinds


def test_choosing_among_incomparable_teams_is_a_departure() -> None:
    apart = [standing("a", 1), standing("b", 1, component=1)]

    assert find_departures(apart, [["a"], ["b"]], {"a": 1}) == [
        Departure(DepartureKind.INCOMPARABLE, "a")
    ]
    assert find_departures(apart, [["a"], ["b"]], {}) == []


def test_one_sentence_for_several_teams() -> None:
    found = find_departures(RANKED, [["a", "b", "c", "d"]], {"a": 1})
    names = {team: team.upper() for team in "abcd"}

    assert [s.replace("\u00a0", " ") for s in explain_departures(found, names)] == [  # type: ignore[arg-type]
        "« A » passe devant B, C et D, que le classement ne départage pas d’elle."
    ]


def test_another_winner_or_three_places_change_the_order() -> None:
    same = [standing(t, r, mean_rank=m) for t, r, m in [("a", 1, 1), ("b", 2, 4), ("c", 3, 2)]]
    moved = [standing(t, r, mean_rank=m) for t, r, m in [("a", 1, 1), ("b", 2, 5)]]
    other = [standing(t, r, mean_rank=m) for t, r, m in [("a", 1, 2), ("b", 2, 1)]]

    assert not order_change(same)
    assert [m.team for m in order_change(moved).moved] == ["b"]
    assert order_change(other).winner_differs
