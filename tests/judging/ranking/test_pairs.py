"""The difference of two teams, part by part, and what is said about it."""

from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.ranking.pairs import (
    Difference,
    Share,
    Unsplit,
    difference_of,
    just_before,
    shares_of,
)
from judging.ranking.standings import Sheet, Standing, Weighting, rank, totals
from judging.scales import rounded

WEIGHTINGS = {
    "need": Weighting(weight=3, top=20),
    "idea": Weighting(weight=2, top=10),
    "work": Weighting(weight=1, top=5),
}
TEAMS, JURORS = "abcde", "xyz"

one_sheet = st.fixed_dictionaries(
    {
        key: st.integers(0, 2 * weighting.top).map(lambda n: Decimal(n) / 2)
        for key, weighting in WEIGHTINGS.items()
    }
)
sheets = st.dictionaries(
    st.tuples(st.sampled_from(JURORS), st.sampled_from(TEAMS)), one_sheet, min_size=2, max_size=15
).map(lambda found: [Sheet(juror, team, marks) for (juror, team), marks in found.items()])
linear = st.sampled_from(["harmonised", "mean"])


def standings_of(found: list[Sheet], method: str) -> dict[str, Standing]:
    ranking = rank(totals(found, WEIGHTINGS), method=method)
    return {standing.team: standing for standing in ranking.standings}


def differences(found: list[Sheet], method: str) -> dict[tuple[str, str], Difference]:
    # Of all teams that can be compared, in both directions.
    of, shares = standings_of(found, method), shares_of(found, WEIGHTINGS, method=method)
    split = {}
    for pair in permutations(of, 2):
        first, second = (of[team] for team in pair)
        if first.component == second.component:
            split[pair], unsplit = difference_of(first, second, shares)
            assert unsplit is None
    return split


@given(sheets, linear)
def test_shares_sum_to_the_value_and_to_the_mean(found, method):
    shares = shares_of(found, WEIGHTINGS, method=method)

    assert not isinstance(shares, Unsplit)
    for team, standing in standings_of(found, method).items():
        own = shares[team].values()
        assert sum(share.value for share in own) == pytest.approx(standing.estimate, abs=1e-9)
        assert sum(share.mean for share in own) == pytest.approx(standing.mean, abs=1e-9)


@given(sheets, linear)
def test_printed_lines_sum_to_the_printed_difference(found, method):
    of = standings_of(found, method)

    for (one, other), difference in differences(found, method).items():
        lines = [*difference.parts, difference.rounding]
        assert sum(line.both for line in lines) == difference.total.both
        assert difference.total.both == rounded(of[one].estimate) - rounded(of[other].estimate)
        assert difference.total.marks == rounded(of[one].mean) - rounded(of[other].mean)
        # Each line is rounded by half a hundredth, the two values by a whole one.
        most = Decimal("0.005") * len(WEIGHTINGS) + Decimal("0.01")
        assert abs(difference.rounding.marks) <= most
        assert abs(difference.rounding.correction) <= 2 * most


@given(sheets, linear)
def test_the_other_way_round_everything_is_the_opposite(found, method):
    split = differences(found, method)

    for (one, other), difference in split.items():
        turned = split[other, one]
        for mine, theirs in zip(
            [*difference.parts, difference.rounding, difference.total],
            [*turned.parts, turned.rounding, turned.total],
            strict=True,
        ):
            assert (mine.marks, mine.correction) == (-theirs.marks, -theirs.correction)


@given(sheets, linear, st.randoms(use_true_random=False))
def test_the_order_of_the_sheets_changes_nothing(found, method, chance):
    shuffled = chance.sample(found, len(found))

    assert differences(shuffled, method) == differences(found, method)


@given(sheets, linear)
def test_names_of_teams_and_jurors_change_nothing(found, method):
    renamed = [replace(s, juror=f"j{s.juror}", team=s.team.upper()) for s in found]

    split = {(a.lower(), b.lower()): d for (a, b), d in differences(renamed, method).items()}

    assert split == differences(found, method)


@given(
    st.lists(st.sampled_from(TEAMS), min_size=2, unique=True),
    st.lists(st.sampled_from(JURORS), min_size=1, unique=True),
    st.data(),
    st.sampled_from(sorted(WEIGHTINGS)),
)
def test_a_juror_who_reads_all_teams_like_the_others_may_be_severe(teams, jurors, data, criterion):
    """Then no part changes. The printed values may, and their difference by a hundredth."""
    found = [Sheet(juror, team, data.draw(one_sheet)) for juror in jurors for team in teams]
    shifted = [
        replace(s, marks={**s.marks, criterion: s.marks[criterion] + 3})
        if s.juror == jurors[0]
        else s
        for s in found
    ]

    after = differences(shifted, "harmonised")

    for pair_, before in differences(found, "harmonised").items():
        assert after[pair_].parts == before.parts
        assert abs(after[pair_].total.both - before.total.both) <= Decimal("0.01")


def test_the_median_and_a_missing_mark_do_not_split():
    whole = Sheet("x", "a", {"need": 12, "idea": 6})
    partly = Sheet("x", "b", {"need": 12})
    first, second = standings_of([whole, partly], "mean").values()

    assert shares_of([whole, whole], WEIGHTINGS, method="median") == Unsplit.MEDIAN
    assert shares_of([whole, partly], WEIGHTINGS, method="mean") == Unsplit.MISSING
    assert difference_of(first, second, Unsplit.MISSING)[0].parts == []


def test_a_recorded_value_that_the_sheets_no_longer_give_does_not_split():
    found = [Sheet("x", "a", {"need": 12}), Sheet("x", "b", {"need": 10})]
    of = standings_of(found, "harmonised")
    shares = shares_of(found, WEIGHTINGS, method="harmonised")
    outdated = replace(of["a"], estimate=of["a"].estimate + 0.01)

    difference, unsplit = difference_of(outdated, of["b"], shares)

    assert unsplit == Unsplit.OUTDATED
    assert not difference.parts
    assert difference.total.both == Decimal("2.01")


# ---------------------------------------------------------------- the team just before


def standing(team: str, rank_: int, *, component: int = 0, **changes: object) -> Standing:
    value = 16.0 - rank_
    new = Standing(team, component, rank_, value, value - 1, value + 1, value, 3, rank_)
    return replace(new, **changes)


def test_just_before_is_the_place_and_then_the_ranking():
    ranked = [standing(team, n) for n, team in enumerate("abcde", start=1)]
    places = {"c": 1, "a": 2}

    before = {team: just_before(ranked, places, team) for team in "abcde"}

    assert before == {"c": [], "a": ["c"], "b": ["a"], "d": ["b"], "e": ["d"]}


def test_equal_teams_are_both_just_before_and_other_tables_never_are():
    ranked = [
        standing("a", 1),
        standing("b", 1),
        standing("c", 3),
        standing("z", 1, component=1),
        standing("y", 2, component=1),
    ]

    assert just_before(ranked, {}, "c") == ["a", "b"]
    assert just_before(ranked, {}, "b") == []
    assert just_before(ranked, {"a": 1, "z": 2, "y": 2}, "y") == []
    assert just_before(ranked, {}, "unknown") == []


def test_a_share_is_of_its_criterion_alone():
    found = [Sheet("x", "a", {"need": 20, "idea": 0, "work": 0})]

    shares = shares_of(found, WEIGHTINGS, method="mean")

    assert shares == {"a": {"need": Share(10, 10), "idea": Share(0, 0), "work": Share(0, 0)}}
