import math
import random
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from statistics import NormalDist, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.ranking.grid import METHODS, components
from judging.ranking.noise import normal_cdf, posterior, t_cdf
from judging.ranking.standings import (
    Key,
    Ranking,
    Sheet,
    Total,
    Weighting,
    competition_ranks,
    pooled_noise,
    rank,
    total,
    totals,
)

WEIGHTINGS = {
    "need": Weighting(weight=3, top=20),
    "idea": Weighting(weight=2, top=10),
}
TEAMS = ["a", "b", "c", "d", "e"]
JURORS = ["x", "y", "z"]

marks = st.integers(0, 40).map(lambda n: n / 2)
given_totals = st.dictionaries(
    st.tuples(st.sampled_from(JURORS), st.sampled_from(TEAMS)), marks, max_size=15
).map(lambda found: [Total(juror, team, value) for (juror, team), value in found.items()])
methods = st.sampled_from(sorted(METHODS))


def ranks(ranking: Ranking) -> dict:
    return {s.team: s.rank for s in ranking.standings}


def by_team(ranking: Ranking) -> dict:
    return {s.team: s for s in ranking.standings}


def drawn(seed: int, teams: int = 12, jurors: int = 6, readings: int = 3) -> list[Total]:
    # Severe and mild jurors, marks in half points.
    chance = random.Random(seed)
    severity = [chance.gauss(0, 1.6) for _ in range(jurors)]
    found = []
    for team in range(teams):
        level = chance.gauss(12, 2)
        for juror in chance.sample(range(jurors), readings):
            value = level + severity[juror] + chance.gauss(0, 1.4)
            found.append(Total(f"j{juror}", f"t{team}", round(2 * value) / 2))
    return found


def test_a_total_is_the_weighted_mean_out_of_20():
    sheet = {"need": Decimal("16"), "idea": Decimal("9.5")}

    assert total(sheet, WEIGHTINGS) == Fraction(3 * 16 + 2 * 19, 5)


def test_a_missing_mark_is_missing_and_not_zero():
    missing = {"need": Decimal(16)}
    zero = {"need": Decimal(16), "idea": Decimal(0)}

    assert total(missing, WEIGHTINGS) == 16
    assert total(zero, WEIGHTINGS) == Fraction(48, 5)


def test_a_team_without_marks_is_not_ranked():
    ranking = rank(totals([Sheet("x", "a", {})], WEIGHTINGS), teams=["a"])

    assert ranking.standings == []
    assert ranking.components == 0
    assert ranking.not_ranked == ["a"]


@pytest.mark.parametrize("seed", range(5))
def test_the_estimate_solves_the_normal_equations(seed):
    sheets = drawn(seed)
    teams = {s.team for s in sheets}
    severity = dict.fromkeys({s.juror for s in sheets}, 0.0)
    for _ in range(2000):
        level = {
            t: np.mean([s.value - severity[s.juror] for s in sheets if s.team == t]) for t in teams
        }
        for juror in severity:
            own = [s.value - level[s.team] for s in sheets if s.juror == juror]
            severity[juror] = sum(own) / (len(own) + 1)

    ranking = rank(sheets)

    assert {s.team: s.estimate for s in ranking.standings} == pytest.approx(level, abs=1e-9)
    assert {j.juror: j.severity for j in ranking.jurors} == pytest.approx(severity, abs=1e-9)


def test_a_severe_juror_does_not_decide():
    # b is better than a, but only the strict juror read b.
    sheets = [
        Total("mild", "a", 15),
        Total("strict", "b", 12),
        *(Total("mild", team, 14) for team in "cdef"),
        *(Total("strict", team, 8) for team in "cdef"),
    ]

    ranking = by_team(rank(sheets))

    assert ranking["a"].mean > ranking["b"].mean
    assert ranking["b"].estimate > ranking["a"].estimate
    assert ranking["b"].estimate > ranking["b"].mean
    assert ranking["a"].estimate < ranking["a"].mean


def test_a_juror_with_two_teams_moves_little():
    few = [Total("x", t, 10) for t in range(10)] + [Total("y", t, 14) for t in range(2)]
    many = [Total("x", t, 10) for t in range(10)] + [Total("y", t, 14) for t in range(10)]

    severity = [{j.juror: j.severity for j in rank(s).jurors}["y"] for s in (few, many)]

    assert 0 < severity[0] < 0.75 * severity[1]


@given(st.lists(st.lists(marks, min_size=3, max_size=3), min_size=2, max_size=6))
def test_the_full_grid_gives_the_order_of_the_plain_means(rows):
    sheets = [Total(j, t, v) for t, row in enumerate(rows) for j, v in enumerate(row)]

    assert ranks(rank(sheets)) == ranks(rank(sheets, method="mean"))


@given(given_totals, methods, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(given, method, chance):
    shuffled = list(given)
    chance.shuffle(shuffled)

    assert same(rank(shuffled, method=method), rank(given, method=method))


@given(given_totals, st.permutations(TEAMS), st.permutations(JURORS))
def test_names_do_not_matter(given, teams, jurors):
    new_team = dict(zip(TEAMS, teams, strict=True))
    new_juror = dict(zip(JURORS, jurors, strict=True))
    renamed = [Total(new_juror[s.juror], new_team[s.team], s.value) for s in given]

    expected = {new_team[team]: place for team, place in ranks(rank(given)).items()}

    assert ranks(rank(renamed)) == expected


def by_teams(pairs: Iterable[tuple[Key, Key, float]]) -> dict[frozenset[Key], float]:
    return {frozenset((above, below)): p for above, below, p in pairs}


@given(given_totals, methods, st.sampled_from([0.25, 2, 5, 7.3]), st.sampled_from([0, -3, 100]))
def test_the_unit_of_marks_does_not_matter(given, method, factor, shift):
    stretched = [Total(s.juror, s.team, factor * s.value + shift) for s in given]

    found, expected = rank(stretched, method=method), rank(given, method=method)

    assert ranks(found) == ranks(expected)
    # Equal estimates have no order of their own: rounding decides which team is first.
    assert by_teams(found.pairs()) == pytest.approx(by_teams(expected.pairs()), abs=1e-6)


@given(given_totals, methods, st.data())
def test_a_higher_mark_never_costs_a_place(given, method, data):
    if not given:
        return
    index = data.draw(st.integers(0, len(given) - 1))
    old = given[index]
    raised = list(given)
    raised[index] = Total(old.juror, old.team, data.draw(st.floats(float(old.value), 25)))

    before, after = ranks(rank(given, method=method)), ranks(rank(raised, method=method))

    assert after[old.team] <= before[old.team]


@given(given_totals, methods)
def test_each_team_appears_exactly_once(given, method):
    ranking = rank(given, teams=TEAMS, method=method)

    assert sorted([s.team for s in ranking.standings] + ranking.not_ranked) == TEAMS
    assert sorted(team for group in ranking.groups for team in group) == sorted(
        s.team for s in ranking.standings
    )
    assert all(s.low <= s.estimate <= s.high for s in ranking.standings)
    assert all(0 <= p <= 1 for *_, p in ranking.pairs())


@given(given_totals, given_totals, st.randoms(use_true_random=False))
def test_removed_sheets_leave_no_trace(given, others, chance):
    taken = {(s.juror, s.team) for s in given}
    passing = [s for s in others if (s.juror, s.team) not in taken]
    everything = given + passing
    chance.shuffle(everything)
    left = [s for s in everything if s not in passing]

    assert same(rank(left), rank(given))


def test_equal_estimates_are_equal_ranks_and_leave_the_next_place_free():
    sheets = [
        *(Total(j, "a", v) for j, v in [("x", 13), ("y", 13), ("z", 14)]),
        *(Total(j, "b", v) for j, v in [("x", 14), ("y", 13), ("z", 13)]),
        *(Total(j, "c", 1) for j in "xyz"),
    ]

    for method in METHODS:
        assert ranks(rank(sheets, method=method)) == {"a": 1, "b": 1, "c": 3}
    assert rank(sheets).probability("a", "b") == pytest.approx(0.5)


def test_components_are_not_compared():
    sheets = [Total("x", "a", 20), Total("x", "b", 18), Total("y", "c", 3), Total("z", "c", 4)]

    ranking = rank(sheets)

    assert ranking.components == 2
    assert ranks(ranking) == {"a": 1, "b": 2, "c": 1}
    assert {frozenset(pair[:2]) for pair in ranking.pairs()} == {frozenset("ab")}
    assert ranking.probability("a", "c") is None
    assert all({"a", "c"} - set(group) for group in ranking.groups)


@pytest.mark.parametrize("seed", range(5))
def test_no_pair_of_a_group_is_separated(seed):
    ranking = rank(drawn(seed))

    assert [team for group in ranking.groups for team in group] == [
        s.team for s in ranking.standings
    ]
    for group in ranking.groups:
        assert all(ranking.probability(*pair) < 0.80 for pair in combinations(group, 2))
    for group, (after, *_) in pairwise(ranking.groups):
        assert any(ranking.probability(team, after) >= 0.80 for team in group)


def test_a_first_team_with_a_single_sheet_does_not_stand_alone():
    others = [Total(j, t, 8 + t / 4) for t in range(3) for j in "xyz"]
    once = [*others, Total("x", "first", 20)]

    assert rank([*once, Total("y", "first", 20)]).groups[0] == ["first"]
    assert rank(once).groups[0] == ["first", 2]
    assert rank(once).probability("first", 2) >= 0.80


@pytest.mark.parametrize("seed", range(5))
def test_results_do_not_depend_on_the_order_of_sheets_to_the_last_bit(seed):
    sheets = drawn(seed)
    teams = sorted({s.team for s in sheets}, key=str)
    shuffled = random.Random(seed).sample(sheets, len(sheets))
    noise = pooled_noise([sheets])

    one, other = (rank(s, teams=teams, noise=noise) for s in (sheets, shuffled))

    assert one.standings == other.standings
    assert one.groups == other.groups
    assert list(one.pairs()) == list(other.pairs())
    assert [o.reliability for o in one.orders] == [o.reliability for o in other.orders]


def test_teams_with_equal_values_stand_in_the_given_order():
    sheets = [Total(j, t, 12) for t in "abc" for j in "xy"]

    assert [s.team for s in rank(sheets, teams="cab").standings] == ["c", "a", "b"]


def test_the_reliability_is_the_share_of_the_variance_that_is_no_error():
    # Each of 4 jurors reads each team: the error variance of a mean is a quarter of the residual's.
    (order,) = (ranking := rank(drawn(3, teams=40, jurors=4, readings=4))).orders
    error = float(ranking.noise.weights @ ranking.noise.error_variance) / 4
    values = [standing.estimate for standing in ranking.standings]

    assert order.reliability == pytest.approx(1 - error / variance(values), abs=1e-8)


def test_teams_that_marks_do_not_tell_apart_are_not_reliably_ranked():
    alike = [Total(j, t, 12 + (t + n) % 3) for t in range(3) for n, j in enumerate("xyz")]

    assert rank(alike).orders[0].reliability == 0
    assert rank([Total("x", "a", 12)]).orders[0].reliability is None


def test_more_readings_are_more_reliable():
    few, many = (rank(drawn(5, readings=n)).orders[0].reliability for n in (2, 5))

    assert few < many


def test_a_stricter_separation_makes_larger_groups():
    sheets = drawn(1)

    sizes = [len(rank(sheets, separation=s).groups[0]) for s in (0.5, 0.8, 0.99)]

    assert sizes == sorted(sizes)
    assert sizes[0] == 1
    assert sizes[2] > 1


def test_a_pair_has_one_probability():
    ranking = rank(drawn(2))

    for above, below, p in ranking.pairs():
        assert p >= 0.5
        assert ranking.probability(above, below) == pytest.approx(p)
        assert ranking.probability(below, above) == pytest.approx(1 - p)


def test_juries_are_pooled_for_the_variances():
    quiet = [
        Total(j, t, 10 + 2 * t + 0.1 * ((t * 7 + j * 3) % 5)) for t in range(4) for j in range(3)
    ]
    loud = [Total(s.juror, s.team, 3 * float(s.value)) for s in drawn(4, teams=30, jurors=10)]

    alone = rank(quiet)
    pooled = rank(quiet, noise=pooled_noise([quiet, loud]))

    assert ranks(alone) == ranks(pooled)
    assert pooled.standings[0].margin > 3 * alone.standings[0].margin


def test_a_single_sheet_is_ranked():
    ranking = rank([Total("x", "a", 12)])

    assert [(s.team, s.rank, s.estimate) for s in ranking.standings] == [("a", 1, 12.0)]
    assert ranking.groups == [["a"]]


def test_two_totals_of_one_juror_for_one_team_are_an_error():
    with pytest.raises(ValueError, match="two sheets"):
        rank([Total("x", "a", 1), Total("x", "a", 2)])


def test_an_unknown_method_is_an_error():
    with pytest.raises(KeyError):
        rank([Total("x", "a", 1)], method="magic")


def test_places_become_competition_ranks():
    assert competition_ranks({"a": 2, "b": 2, "c": 5}) == {"a": 1, "b": 1, "c": 3}
    assert competition_ranks({}) == {}


def test_the_distribution_functions_are_accurate():
    z = np.linspace(-9, 9, 181)

    assert normal_cdf(z) == pytest.approx([NormalDist().cdf(x) for x in z], abs=2e-7)
    for freedom in (3, 10, 50, 1000):
        assert t_cdf(z, freedom) == pytest.approx(integrated_t(z, freedom), abs=4e-3)
    assert t_cdf(np.array([np.inf, 0.0, -np.inf]), 5).tolist() == pytest.approx([1, 0.5, 0])


def integrated_t(z: np.ndarray, freedom: int) -> np.ndarray:
    # The density of Student's t, integrated by trapezoids to within 1e-8.
    x = np.linspace(0, abs(z).max(), 90_001)
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2))
    density = scale / math.sqrt(freedom * math.pi) * (1 + x * x / freedom) ** (-(freedom + 1) / 2)
    area = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2) * x[1]])
    return 0.5 + np.sign(z) * np.interp(abs(z), x, area)


def test_the_restricted_likelihood_is_that_of_the_direct_formula():
    # Against the direct formula with the full covariance matrix.
    grid = components(drawn(3, teams=7, jurors=4, readings=2))[0]
    noise = posterior([grid])
    n = len(grid.values)
    teams = np.eye(len(grid.teams))[grid.team_of]
    jurors = np.eye(len(grid.jurors))[grid.juror_of]
    scores, errors = [], []
    for juror, team in zip(noise.juror_ratio, noise.team_ratio, strict=True):
        covariance = np.eye(n) + juror * jurors @ jurors.T + team * teams @ teams.T
        inverse = np.linalg.inv(covariance)
        level = inverse.sum()
        rest = grid.values @ inverse @ grid.values - (inverse @ grid.values).sum() ** 2 / level
        size = np.linalg.slogdet(covariance)[1] + np.log(level)
        before = (np.log(max(juror, 0.03) / 0.5) ** 2 + np.log(team / 3) ** 2) / 1.7**2
        scores.append(-0.5 * (before + size + (n - 1) * np.log(rest)))
        errors.append(rest / (n - 1))
    weights = np.exp(np.array(scores) - max(scores))

    assert noise.weights == pytest.approx(weights / weights.sum(), rel=1e-6)
    assert noise.error_variance == pytest.approx(np.array(errors), rel=1e-6)


def same(found: Ranking, expected: Ranking) -> bool:
    assert ranks(found) == ranks(expected)
    one, other = by_team(found), by_team(expected)
    for team, standing in one.items():
        assert standing.estimate == pytest.approx(other[team].estimate, abs=1e-9)
        assert standing.margin == pytest.approx(other[team].margin, abs=1e-9)
    severity = {j.juror: j.severity for j in expected.jurors}
    assert {j.juror: j.severity for j in found.jurors} == pytest.approx(severity, abs=1e-9)
    return True
