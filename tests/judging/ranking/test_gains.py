from dataclasses import replace

import numpy as np
import pytest

from judging.ranking.gains import Beliefs, Pair, beliefs, chance, expected_chance, gains
from judging.ranking.grid import components
from judging.ranking.noise import Noise, normal_cdf, posterior
from judging.ranking.standings import Total, rank

TEAMS, JURORS = list("ABCDEFGH"), list("xyz")
SEEDS = [14, 15]


def drawn(seed: int) -> list[Total]:
    # Each team has two of three jurors; who is severe and who is good is drawn.
    rng = np.random.default_rng(seed)
    quality, severity = rng.normal(0, 2.5, len(TEAMS)), rng.normal(0, 2, len(JURORS))
    return [
        Total(juror, team, round(12 + quality[t] + severity[j] + rng.normal(0, 1.5), 1))
        for t, team in enumerate(TEAMS)
        for j, juror in enumerate(JURORS)
        if j != t % len(JURORS)
    ]


def missing(totals: list[Total]) -> list[Pair]:
    read = {(total.juror, total.team) for total in totals}
    return [(j, t) for t in TEAMS for j in JURORS if (j, t) not in read]


def known(totals: list[Total], noise: Noise | None = None) -> Beliefs:
    return beliefs(totals, TEAMS, JURORS, noise or posterior(components(totals)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_equations_give_the_best_linear_unbiased_predictions(seed):
    totals = drawn(seed)
    noise = posterior(components(totals))
    s2 = noise.weights @ noise.error_variance
    team = noise.weights @ (noise.error_variance * noise.team_ratio)
    juror = noise.weights @ (noise.error_variance * noise.juror_ratio)
    same_team = np.array([[a.team == b.team for b in totals] for a in totals])
    same_juror = np.array([[a.juror == b.juror for b in totals] for a in totals])
    inverse = np.linalg.inv(s2 * np.eye(len(totals)) + team * same_team + juror * same_juror)
    y, one = np.array([float(t.value) for t in totals]), np.ones(len(totals))
    level = one @ inverse @ y / (one @ inverse @ one)
    incidence = np.array([[t.team == name for t in totals] for name in TEAMS])

    found = known(totals)

    assert found.means == pytest.approx(team * incidence @ inverse @ (y - level))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sheet_moves_the_means_as_was_expected_of_it(seed):
    totals = drawn(seed)
    noise = posterior(components(totals))
    before = known(totals, noise)
    for juror, team in missing(totals):
        shift = before.shifts([(juror, team)])[0][: len(TEAMS)]
        after = [known([*totals, Total(juror, team, mark)], noise).means for mark in (8, 15)]

        # Both ways along the same line, and the larger the surprise, the farther.
        steps = [(means - before.means) / shift for means in after]
        assert steps[0] == pytest.approx(np.full(len(TEAMS), steps[0][0]))
        assert steps[1] == pytest.approx(np.full(len(TEAMS), steps[1][0]))
        assert steps[1][0] > steps[0][0]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_sheets_teams_and_jurors_has_no_influence(seed):
    totals = drawn(seed)
    noise, pairs = posterior(components(totals)), missing(totals)
    other = beliefs(totals[::-1], TEAMS[::-1], JURORS[::-1], noise)

    assert gains(other, pairs) == pytest.approx(gains(known(totals, noise), pairs))
    assert chance(other) == pytest.approx(chance(known(totals, noise)))


@pytest.mark.parametrize("seed", SEEDS)
def test_names_have_no_influence(seed):
    totals = drawn(seed)
    noise, pairs = posterior(components(totals)), missing(totals)
    names = dict(zip([*TEAMS, *JURORS], range(len(TEAMS) + len(JURORS)), strict=True))
    renamed = beliefs(
        [Total(names[t.juror], names[t.team], t.value) for t in totals],
        [names[team] for team in TEAMS],
        [names[juror] for juror in JURORS],
        noise,
    )

    found = gains(renamed, [(names[juror], names[team]) for juror, team in pairs])

    assert found == pytest.approx(gains(known(totals, noise), pairs))


@pytest.mark.parametrize("seed", SEEDS)
def test_points_for_all_and_severities_that_nobody_can_guess_have_no_influence(seed):
    totals = drawn(seed)
    noise, pairs = posterior(components(totals)), missing(totals)
    everybody = [replace(total, value=total.value + 3) for total in totals]
    unknown = replace(noise, juror_ratio=np.full_like(noise.juror_ratio, 1e7))
    one = [replace(t, value=t.value + (3 if t.juror == "x" else 0)) for t in totals]

    assert gains(known(everybody, noise), pairs) == pytest.approx(
        gains(known(totals, noise), pairs)
    )
    assert gains(known(one, unknown), pairs) == pytest.approx(
        gains(known(totals, unknown), pairs), abs=1e-4
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_gains_are_in_points(seed):
    totals = drawn(seed)
    doubled = [replace(total, value=2 * total.value) for total in totals]
    pairs = missing(totals)

    assert gains(known(doubled), pairs) == pytest.approx(2 * gains(known(totals), pairs))
    assert (gains(known(totals), pairs) >= -1e-9).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_gain_is_what_the_knowledge_gradient_says(seed):
    totals = drawn(seed)
    found, pairs = known(totals), missing(totals)
    surprises = np.random.default_rng(0).normal(size=200_000)

    for pair, gain in zip(pairs[:3], gains(found, pairs), strict=False):
        shift = found.shifts([pair])[0][: len(TEAMS)]
        best = (found.means + np.outer(surprises, shift)).max(axis=1)
        assert gain == pytest.approx(best.mean() - found.means.max(), abs=0.01)


def test_a_reading_of_a_team_that_can_not_win_is_worth_less_than_one_of_a_leader():
    marks = {"A": 16, "B": 15.5, "C": 12, "D": 11, "E": 10, "F": 9, "G": 8, "H": 3}
    totals = [Total(j, t, mark + d) for t, mark in marks.items() for j, d in (("x", 0), ("y", 1))]
    gain = dict(zip(TEAMS, gains(known(totals), [("z", team) for team in TEAMS]), strict=True))

    assert min(gain["A"], gain["B"]) > 10 * max(gain["G"], gain["H"])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_chance_of_the_first_is_that_of_drawn_values(seed):
    found = known(drawn(seed))
    n = len(TEAMS)
    draws = np.random.default_rng(0).multivariate_normal(
        found.means, found.covariance[:n, :n], size=100_000
    )
    best = np.bincount(draws.argmax(axis=1), minlength=n) / len(draws)

    assert chance(found) == pytest.approx(best.max(), abs=0.02)


def test_of_two_teams_the_chance_is_that_of_their_order():
    totals = [Total(juror, team, mark) for juror in "xy" for team, mark in (("A", 14), ("B", 12))]
    found = beliefs(totals, "AB", "xy", posterior(components(totals)))
    v = found.covariance
    z = (found.means[0] - found.means[1]) / np.sqrt(v[0, 0] + v[1, 1] - 2 * v[0, 1])

    assert chance(found) == pytest.approx(float(normal_cdf(z)), abs=1e-3)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_expected_chance_is_that_of_drawn_sheets(seed):
    totals = drawn(seed)
    found = known(totals)
    n, pairs = len(TEAMS), missing(totals)
    pair = pairs[int(np.argmax(gains(found, pairs)))]
    shift = found.shifts([pair])[0][:n]
    left = found.covariance[:n, :n] - np.outer(shift, shift)
    rng = np.random.default_rng(0)
    chances = []
    for surprise in rng.normal(size=200):
        draws = rng.multivariate_normal(found.means + surprise * shift, left, size=1000)
        chances.append(np.bincount(draws.argmax(axis=1)).max() / 1000)

    assert expected_chance(found, pair) == pytest.approx(np.mean(chances), abs=0.04)
    assert chance(found) < expected_chance(found, pair) < 1


def test_the_chance_is_close_to_that_of_the_ranking():
    # The ranking averages over the variances, which are given here as one.
    totals = drawn(SEEDS[0])
    ranking = rank([total for total in totals if total.team in "AB"])
    found = beliefs([t for t in totals if t.team in "AB"], "AB", JURORS, ranking.noise)
    first, second = ranking.orders[0].teams

    assert chance(found) == pytest.approx(ranking.probability(first, second), abs=0.06)
