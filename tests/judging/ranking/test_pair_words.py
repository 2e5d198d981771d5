"""The difference of two teams, part by part, and what is said about it."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.ranking.departures import DepartureKind
from judging.ranking.pair_words import advantage, explain_pair
from judging.ranking.pairs import (
    Difference,
    Means,
    Pair,
    Part,
    Side,
    Unsplit,
)
from judging.scales import rounded
from tests.judging.ranking.test_pairs import standing


def side(name: str, estimate: float, *, place: int | None = None, **changes: object) -> Side:
    own = standing(name, 1, estimate=estimate, mean=changes.pop("mean", estimate), **changes)
    return Side(name, name, own, place)


MEANS = [
    Means("need", "Besoin", 20, 3, Fraction(15), Fraction(13)),
    Means("idea", "Idée", 10, 2, Fraction(6), Fraction(7)),
]


def pair(first: Side, second: Side, **changes: object) -> Pair:
    assert first.standing
    assert second.standing
    marks = rounded(first.standing.mean) - rounded(second.standing.mean)
    both = rounded(first.standing.estimate) - rounded(second.standing.estimate)
    parts = [Part(marks, both - marks, "need"), Part(Decimal(0), Decimal(0), "idea")]
    none = Part(Decimal(0), Decimal(0))
    return Pair(
        **{
            "first": first,
            "second": second,
            "method": "harmonised",
            "separation": 0.8,
            "criteria": MEANS,
            "difference": Difference(Part(marks, both - marks), parts, none),
            "chance": 0.85,
            "decided": True,
            "locked": True,
            **changes,
        }
    )


def words(found: Pair) -> list[str]:
    return [
        sentence.replace("\xa0", " ").replace("\u202f", " ") for sentence in explain_pair(found)
    ]


def test_an_ordinary_pair():
    found = pair(side("A", 14.22, mean=14.03, place=1), side("B", 13.93, mean=13.36, place=2))

    assert words(found) == [
        "Au classement, « A » a 14,22 sur 20 et « B » 13,93 : l’écart est de 0,29 point.",
        (
            "« A » est mieux notée surtout au critère « Besoin » (15,00 contre 13,00 sur 20), « B »"
            " au critère « Idée » (7,00 contre 6,00 sur 10)."
        ),
        (
            "Les jurés de « B » notent plus sévèrement en moyenne : la correction est de +0,19 pour"
            " « A » et de +0,57 pour « B »."
        ),
        (
            "Les jurés ne notent pas tous pareil : cet ordre a 85 chances sur 100 d’être le bon,"
            " assez pour les séparer (il en faut 80)."
        ),
        "Le jury donne la 1ʳᵉ place à « A » et la 2ᵉ place à « B ».",
    ]


def test_a_correction_that_turns_the_order():
    found = pair(side("A", 14, mean=13), side("B", 13, mean=13.5))

    assert words(found)[2] == (
        "À la simple moyenne, « B » serait devant, mais les jurés de « A » notent plus sévèrement"
        " en moyenne : la correction est de +1,00 pour « A » et de −0,50 pour « B »."
    )


@pytest.mark.parametrize(
    ("chance", "tied", "end"),
    [
        (0.7999, True, "79 chances sur 100 d’être le bon, trop peu pour les séparer"),
        (0.80, False, "80 chances sur 100 d’être le bon, assez pour les séparer"),
        (0.9999, False, "99 chances sur 100 d’être le bon, assez pour les séparer"),
        (0.7, False, "mais le classement les sépare à cause des équipes qui les entourent."),
        (0.9, True, "mais le classement les met à égalité à cause des équipes qui les entourent."),
        (0.5, True, "c’est une chance sur deux."),
        (0.5, False, "une chance sur deux, mais le classement les sépare à cause"),
        (None, False, "On ne peut plus calculer la chance que cet ordre soit le bon."),
    ],
)
def test_what_is_said_of_the_chance_is_true_beside_the_groups(chance, tied, end):
    found = pair(side("A", 14), side("B", 13), chance=chance, tied=tied, same_jurors=True)

    assert [sentence for sentence in words(found) if end in sentence]


def test_equal_values_equal_means_and_the_same_jurors():
    same = [replace(means, second=means.first) for means in MEANS]
    found = pair(side("A", 14), side("B", 14), chance=0.5, tied=True, criteria=same)

    assert words(replace(found, same_jurors=True))[:3] == [
        "Au classement, « A » et « B » ont la même note : 14,00 sur 20.",
        "Elles ont la même moyenne à chaque critère.",
        "Les mêmes jurés les ont lues : leur sévérité compte autant pour les deux.",
    ]
    assert words(found)[2] == "La sévérité de leurs jurés ne change presque rien à l’écart."
    assert advantage(found, Decimal(0)) == "aucun écart"


def test_one_criterion_and_one_side():
    only = [MEANS[0], replace(MEANS[1], second=Fraction(6))]
    all_for_b = [replace(means, second=means.first + 1) for means in MEANS]

    one = words(pair(side("A", 14), side("B", 13), criteria=only))
    none = words(pair(side("A", 14), side("B", 13), criteria=all_for_b))

    assert (
        one[1] == "Un seul critère les sépare, « Besoin » : 15,00 contre 13,00 sur 20 pour « A »."
    )
    assert none[1] == (
        "Aucun critère n’est en faveur de « A » ; le plus net pour « B » est « Besoin » : 16,00"
        " contre 15,00 sur 20."
    )


def test_a_single_reading_is_named():
    once, twice = side("A", 14, sheets=1), side("B", 13, sheets=2)

    assert "Un seul juré a lu « A » : une lecture de plus en dirait davantage." in words(
        pair(once, twice)
    )
    assert "Un seul juré a lu chacune d’elles : une lecture de plus en dirait davantage." in words(
        pair(once, replace(twice, standing=replace(twice.standing, sheets=1)))
    )


def test_other_methods_have_no_correction():
    mean = words(pair(side("A", 14), side("B", 13), method="mean"))
    median = words(
        pair(side("A", 14, mean=12), side("B", 13), method="median", unsplit=Unsplit.MEDIAN)
    )

    assert len(mean) == 4
    assert median[1:3] == [
        "La médiane est la note du milieu : elle ne se partage pas entre les critères.",
        "À la simple moyenne, « B » serait devant.",
    ]


@pytest.mark.parametrize("unsplit", [Unsplit.MISSING, Unsplit.OUTDATED])
def test_without_a_split_the_reason_is_said(unsplit):
    found = words(pair(side("A", 14), side("B", 13), unsplit=unsplit))

    assert "ne se partage p" in found[1]
    assert "Besoin" not in " ".join(found)


def test_teams_that_cannot_be_compared():
    apart = replace(pair(side("A", 14, place=1), side("B", 13)), difference=None, chance=None)
    unread = replace(apart, second=Side("B", "B", None, 2))

    assert words(replace(apart, departures=[(DepartureKind.INCOMPARABLE, "A")])) == [
        "« A » a 14,00 sur 20.",
        "« B » a 13,00 sur 20.",
        "Aucun juré ne relie ces deux équipes : leurs notes ne se comparent pas.",
        (
            "Le jury donne la 1ʳᵉ place à « A » et aucune place à « B » ; les notes ne pouvaient"
            " pas le dire, c’est son choix."
        ),
    ]
    assert words(unread)[1] == "« B » n’a pas de fiche terminée."


@pytest.mark.parametrize(
    ("places", "changes", "said"),
    [
        ((None, None), {"decided": False}, "Le jury n’a encore donné de place à personne."),
        ((None, None), {}, "Le jury ne donne de place ni à « A » ni à « B »."),
        (
            (1, None),
            {"locked": False},
            ("Le brouillon du jury donne la 1ʳᵉ place à « A » et aucune place à « B »."),
        ),
        (
            (1, 1),
            {"departures": [(DepartureKind.JOINED, "B")], "has_reason": True},
            (
                "Le jury donne la 1ʳᵉ place aux deux ; le classement, lui, les sépare, et le motif"
                " est écrit."
            ),
        ),
        (
            (None, 2),
            {"departures": [(DepartureKind.REVERSED, "B")]},
            (
                "Le jury donne la 2ᵉ place à « B » et aucune place à « A » ; ce n’est pas l’ordre"
                " des notes."
            ),
        ),
        (
            (2, 1),
            {"departures": [(DepartureKind.SEPARATED, "B")], "has_reason": True},
            (
                "Le jury donne la 1ʳᵉ place à « B » et la 2ᵉ place à « A » ; les notes ne les"
                " départageaient pas, c’est son choix, et le motif est écrit."
            ),
        ),
        (
            (1, 2),
            {"departures": [(DepartureKind.UNMARKED, "A")]},
            (
                "Le jury donne la 1ʳᵉ place à « A » et la 2ᵉ place à « B » ; aucune fiche"
                " terminée ne l’appuie."
            ),
        ),
    ],
)
def test_what_the_jury_decided(places, changes, said):
    first, second = places

    found = words(pair(side("A", 14, place=first), side("B", 13, place=second), **changes))

    assert found[-1] == said


@given(
    st.floats(0, 20),
    st.floats(0, 20),
    st.floats(0, 20),
    st.floats(0, 20),
    st.floats(0.5, 1) | st.none(),
    st.booleans(),
    st.booleans(),
    st.integers(1, 3),
)
def test_three_to_six_sentences_always(a, b, mean_a, mean_b, chance, tied, same, sheets_):
    first, second = sorted([(a, mean_a, "A"), (b, mean_b, "B")], reverse=True)
    found = pair(
        side(first[2], first[0], mean=first[1], sheets=sheets_),
        side(second[2], second[0], mean=second[1]),
        chance=chance,
        tied=tied,
        same_jurors=same,
    )

    assert 3 <= len(explain_pair(found)) <= 6
