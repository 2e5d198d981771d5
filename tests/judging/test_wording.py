"""The ranking's words, and where a decision leaves the ranking."""

import pytest
from django.utils import translation

from judging.ranking.departures import Departing, Departure, departures, order_of
from judging.ranking.explanation import Line, departing_sentences, enumerated, sentence
from judging.ranking.standings import Standing


def said(**fields: object) -> str:
    line = Line(**{"method": "harmonised", "margin": 1.6, "sheets": 3, **fields})  # type: ignore[arg-type]
    return sentence(line).replace("\u00a0", " ")


def test_it_is_what_the_president_reads_out() -> None:
    assert said(mean=13.2, estimate=14.0, tied_with=["B", "F"]) == (
        "Moyenne brute 13,20 ; vos jurés notent 0,80 sous leurs collègues"
        " sur les mêmes équipes, donc 14,00, à ± 1,6 près : ex æquo avec B et F."
    )


def test_in_english_it_says_the_same() -> None:
    with translation.override("en"):
        text = said(mean=13.2, estimate=14.0, tied_with=["B", "F"])

    assert text == (
        "Plain mean 13.20; your jurors mark 0.80 below their colleagues on the same teams,"
        " hence 14.00, give or take 1.6: tied with B and F."
    )


@pytest.mark.parametrize(
    ("fields", "words"),
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
def test_each_case_has_its_words(fields: dict, words: str) -> None:
    assert words in said(**fields)


@pytest.mark.parametrize(("mean", "estimate"), [(13.204, 14.008), (10.005, 9.994), (12.5, 12.499)])
def test_the_sum_is_right_as_it_is_written(mean: float, estimate: float) -> None:
    numbers = [
        float(word.strip(",").replace(",", "."))
        for word in said(mean=mean, estimate=estimate).split()
        if word[0].isdigit()
    ]

    if len(numbers) == 4:
        assert abs(abs(numbers[0] - numbers[2]) - numbers[1]) < 1e-9


def test_many_names_are_counted() -> None:
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
def test_what_leaves_the_ranking(places: dict, kinds: list) -> None:
    found = departures(RANKED, GROUPS, places)

    assert [(d.kind, d.team, d.other) for d in found] == kinds


def test_choosing_among_what_cannot_be_compared_needs_a_reason() -> None:
    apart = [standing("a", 1), standing("b", 1, component=1)]

    assert departures(apart, [["a"], ["b"]], {"a": 1}) == [Departing(Departure.INCOMPARABLE, "a")]
    assert departures(apart, [["a"], ["b"]], {}) == []


def test_the_sentences_gather_teams() -> None:
    found = departures(RANKED, [["a", "b", "c", "d"]], {"a": 1})
    names = {team: team.upper() for team in "abcd"}

    assert [s.replace("\u00a0", " ") for s in departing_sentences(found, names)] == [  # type: ignore[arg-type]
        "« A » passe devant B, C et D, que le classement ne départage pas d’elle."
    ]


def test_the_plain_order_is_left_by_another_winner_or_by_three_places() -> None:
    same = [standing(t, r, mean_rank=m) for t, r, m in [("a", 1, 1), ("b", 2, 4), ("c", 3, 2)]]
    moved = [standing(t, r, mean_rank=m) for t, r, m in [("a", 1, 1), ("b", 2, 5)]]
    other = [standing(t, r, mean_rank=m) for t, r, m in [("a", 1, 2), ("b", 2, 1)]]

    assert not order_of(same)
    assert [m.team for m in order_of(moved).moved] == ["b"]
    assert order_of(other).winner_differs
