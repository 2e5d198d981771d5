import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from judging.ranking.departures import Departure, DepartureKind, find_departures, order_change
from judging.ranking.explanation import (
    chance_text,
    correction_text,
    enumerated,
    explain_departures,
    explain_standing,
    explain_to_team,
    margin_points,
    rank_range,
    reliability_text,
)
from judging.ranking.standings import Standing


@dataclass
class Close:
    is_before: bool
    chance: float
    team: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(name="D"))


def explained(
    mean: float, estimate: float, *, sheets: int = 3, method: str = "harmonised", **more: Any
) -> str:
    line = Standing("A", 0, 1, estimate, estimate - 1.6, estimate + 1.6, mean, sheets, 1)
    return explain_standing(line, method=method, **more).replace("\u00a0", " ")


def test_the_sentence_of_a_standing():
    assert explained(mean=13.2, estimate=14.0, tied_with=["B", "F"]) == (
        "La moyenne de ses 3 fiches est 13,20. Ses jurés ont été un peu plus sévères que les autres"
        " (0,80 point). Pour que ce soit juste pour toutes les équipes, on ajoute 0,80 : 14,00."
        " Les notes ne la départagent pas de B et F."
    )


def test_the_sentence_to_a_team_says_what_is_taken_away_and_why():
    line = Standing("A", 0, 2, 14.16, 13.56, 14.76, 14.5, 3, 1)

    assert explain_to_team(line, method="harmonised").replace("\u00a0", " ") == (
        "La moyenne de vos 3 fiches est 14,50. Vos jurés ont été un peu plus généreux que les"
        " autres (0,34 point). Pour que ce soit juste pour toutes les équipes, on retire 0,34 :"
        " 14,16. Avec d’autres jurés, votre note aurait pu être plus haute ou plus basse de"
        " 0,6 point, rarement davantage."
    )


def test_points_are_plural_from_two_on():
    assert [margin_points(m) for m in (0.6, 1.94, 1.96, 2.3)] == [
        "0,6 point",
        "1,9 point",
        "2,0 points",
        "2,3 points",
    ]


def test_the_sentence_in_english():
    with translation.override("en"):
        text = explained(mean=13.2, estimate=14.0, tied_with=["B", "F"])

    assert text == (
        "The mean of its 3 sheets is 13.20. Its jurors were a little more severe than the others"
        " (0.80 points). To be fair to all teams, 0.80 is added: 14.00."
        " The marks do not separate it from B and F."
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"mean": 14, "estimate": 13.5}, "un peu plus généreux que les autres (0,50 point)"),
        ({"mean": 14, "estimate": 11}, "plus généreux que les autres (3,00 points)"),
        ({"mean": 14, "estimate": 14}, "Ses jurés notent comme les autres. Les notes"),
        (
            {"mean": 14, "estimate": 14.02},
            "les autres. La correction est petite : +0,02, soit 14,02.",
        ),
        ({"mean": 14, "estimate": 14.5, "sheets": 1}, "Un seul juré l’a notée : 14,00. Il a été"),
        ({"mean": 14, "estimate": 14, "method": "mean"}, "La moyenne des 3 fiches est 14,00."),
        (
            {"mean": 14, "estimate": 15, "method": "median"},
            "La note du milieu des 3 fiches est 15,00 ; leur moyenne est 14,00.",
        ),
        ({"mean": 9, "estimate": 9, "sheets": 1, "method": "median"}, "Une seule fiche : 9,00."),
        ({"mean": 9, "estimate": 9}, "Les notes la départagent de toutes les autres équipes."),
        (
            {"mean": 9, "estimate": 9, "tied_with": ["B"], "read_once": True},
            "Une équipe lue une seule fois n’est pas classée seule première : ex æquo avec B.",
        ),
        (
            {"mean": 9, "estimate": 9, "close": [Close(is_before=True, chance=0.79999)]},
            "comme les autres. D est devant elle avec 79 chances sur 100 seulement.",
        ),
        (
            {"mean": 9, "estimate": 9, "close": [Close(is_before=False, chance=0.6)]},
            "Elle est devant D avec 60 chances sur 100 seulement.",
        ),
    ],
)
def test_each_case_has_its_sentence(fields, expected):
    assert expected in explained(**fields).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("mean", "estimate", "mean_gap_estimate"),
    [
        (13.204, 14.008, ["13,20", "0,81", "0,81", "14,01"]),
        (10.005, 9.994, ["10,01", "0,02", "9,99"]),
        (12.5, 12.499, ["12,50"]),  # equal once they are rounded: no gap
    ],
)
def test_the_written_numbers_add_up(mean, estimate, mean_gap_estimate):
    text = explained(mean=mean, estimate=estimate)

    assert re.findall(r"\d+,\d\d", text) == mean_gap_estimate


def test_teams_ex_aequo_share_their_ranks_and_corrections_are_signed():
    lines = [standing(team, rank) for team, rank in (("a", 1), ("b", 2), ("c", 3))]

    assert (rank_range(lines), rank_range(lines[1:2])) == (
        "1<sup>er</sup>–3<sup>e</sup>",
        "2<sup>e</sup>",
    )
    assert correction_text(Standing("A", 0, 1, 14.16, 13, 15, 14.5, 3, 1)) == "−0,34"
    assert correction_text(lines[0]) == ""


def test_further_names_are_counted():
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
def test_departures_from_the_ranking(places, kinds):
    found = find_departures(RANKED, GROUPS, places)

    assert [(d.kind, d.team, d.other) for d in found] == kinds


def test_choosing_among_incomparable_teams_is_a_departure():
    apart = [standing("a", 1), standing("b", 1, component=1)]

    assert find_departures(apart, [["a"], ["b"]], {"a": 1}) == [
        Departure(DepartureKind.INCOMPARABLE, "a")
    ]
    assert find_departures(apart, [["a"], ["b"]], {}) == []


def test_one_sentence_for_several_teams():
    found = find_departures(RANKED, [["a", "b", "c", "d"]], {"a": 1})
    names = {team: team.upper() for team in "abcd"}

    assert [s.replace("\u00a0", " ") for s in explain_departures(found, names)] == [
        "« A » passe devant « B », « C » et « D », alors que les notes les mettent à égalité."
    ]


def test_another_winner_or_three_places_change_the_order():
    same = [standing(t, r, mean_rank=m) for t, r, m in [("a", 1, 1), ("b", 2, 4), ("c", 3, 2)]]
    moved = [standing(t, r, mean_rank=m) for t, r, m in [("a", 1, 1), ("b", 2, 5)]]
    other = [standing(t, r, mean_rank=m) for t, r, m in [("a", 1, 2), ("b", 2, 1)]]

    assert not order_change(same)
    assert [m.team for m in order_change(moved).moved] == ["b"]
    assert order_change(other).winner_differs


# ---------------------------------------------------------------- reliability


def test_the_reliability_says_what_would_help():
    # Spearman and Brown: .62 becomes .80 with 2.45 times as many readings.
    assert reliability_text(0.62, 3) == (
        "Fiabilité des notes : 0,62 sur 1. Les notes ne suffisent pas à départager les équipes."
        " Il faudrait environ 8 lectures par équipe, au lieu de 3. À défaut : faites relire les"
        " équipes de tête par de nouveaux jurés, et parlez-en avant de décider."
    ).replace(" :", "\u00a0:")
    assert "2,5" in reliability_text(0.79, 2.5)
    assert reliability_text(0.8, 3).replace("\u00a0", " ") == "Fiabilité des notes : 0,80 sur 1."
    assert "0,99" in reliability_text(0.9999, 3)
    assert reliability_text(None, 3) == ""


def test_a_chance_is_rounded_down():
    assert [chance_text(p) for p in (0.5, 0.7999, 0.80, 0.9999)] == [
        f"{n} chances sur 100" for n in (50, 79, 80, 99)
    ]
