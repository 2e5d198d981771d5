"""The ranking: what it says, and what must not matter to it."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from judging.ranking import Ranking, Scale, Sheet, competition_ranks, rank, total

SCALES = {"need": Scale(weight=3, top=20), "idea": Scale(weight=2, top=10)}
HALVES_OF = {
    key: st.integers(0, 2 * scale.top).map(lambda n: Decimal(n) / 2)
    for key, scale in SCALES.items()
}
TEAMS = ["a", "b", "c", "d"]
JURORS = ["x", "y", "z"]

marks = st.fixed_dictionaries({}, optional=HALVES_OF)
sheets = st.dictionaries(
    st.tuples(st.sampled_from(JURORS), st.sampled_from(TEAMS)), marks, max_size=12
).map(lambda found: [Sheet(juror, team, given) for (juror, team), given in found.items()])


def ranks(ranking: Ranking) -> dict:
    return {standing.team: standing.rank for standing in ranking.standings}


def test_a_total_is_the_weighted_mean_out_of_20() -> None:
    sheet = Sheet("x", "a", {"need": Decimal("16"), "idea": Decimal("9.5")})

    assert total(sheet, SCALES) == Fraction(3 * 16 + 2 * 19, 5)


def test_a_missing_mark_is_missing_and_not_zero() -> None:
    missing = Sheet("x", "a", {"need": Decimal(16)})
    zero = Sheet("x", "a", {"need": Decimal(16), "idea": Decimal(0)})

    assert total(missing, SCALES) == 16
    assert total(zero, SCALES) == Fraction(48, 5)


def test_a_sheet_without_a_mark_ranks_nobody() -> None:
    ranking = rank(["a"], SCALES, [Sheet("x", "a", {})])

    assert ranking.standings == []
    assert ranking.not_ranked == ["a"]


def test_teams_are_ranked_by_the_mean_of_their_sheets() -> None:
    ranking = rank(
        TEAMS,
        SCALES,
        [
            Sheet("x", "a", {"need": 10}),
            Sheet("y", "a", {"need": 14}),
            Sheet("x", "b", {"need": 15}),
        ],
    )

    assert [(s.team, s.rank, s.estimate, s.sheets) for s in ranking.standings] == [
        ("b", 1, 15, 1),
        ("a", 2, 12, 2),
    ]
    assert ranking.not_ranked == ["c", "d"]


def test_equal_means_are_equal_ranks_and_leave_the_next_place_free() -> None:
    thirds = [Sheet(j, "a", {"need": v}) for j, v in [("x", 13), ("y", 13), ("z", 14)]]
    same = [Sheet(j, "b", {"need": v}) for j, v in [("x", 14), ("y", 13), ("z", 13)]]
    last = [Sheet("x", "c", {"need": 1})]

    ranking = rank(TEAMS, SCALES, thirds + same + last)

    assert ranks(ranking) == {"a": 1, "b": 1, "c": 3}
    assert [s.is_tied for s in ranking.standings] == [True, True, False]


def test_zero_is_a_mark() -> None:
    ranking = rank(["a"], SCALES, [Sheet("x", "a", {"need": 0, "idea": 0})])

    assert ranking.standings[0].estimate == 0
    assert ranking.not_ranked == []


def test_places_become_competition_ranks() -> None:
    assert competition_ranks({"a": 2, "b": 2, "c": 5}) == {"a": 1, "b": 1, "c": 3}
    assert competition_ranks({}) == {}


@given(sheets, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(given: list[Sheet], random: object) -> None:
    shuffled = list(given)
    random.shuffle(shuffled)
    teams = list(TEAMS)
    random.shuffle(teams)

    assert ranks(rank(teams, SCALES, shuffled)) == ranks(rank(TEAMS, SCALES, given))


@given(sheets, st.permutations(TEAMS), st.permutations(JURORS))
def test_names_do_not_matter(given: list[Sheet], teams: list[str], jurors: list[str]) -> None:
    new_team = dict(zip(TEAMS, teams, strict=True))
    new_juror = dict(zip(JURORS, jurors, strict=True))
    renamed = [Sheet(new_juror[s.juror], new_team[s.team], s.marks) for s in given]

    expected = {new_team[team]: place for team, place in ranks(rank(TEAMS, SCALES, given)).items()}

    assert ranks(rank(TEAMS, SCALES, renamed)) == expected


@given(sheets, st.sampled_from([Fraction(1, 4), Fraction(1, 2), 2, 5]), st.integers(1, 9))
def test_scales_and_the_unit_of_weights_do_not_matter(
    given: list[Sheet], factor: Fraction, weight: int
) -> None:
    scales = {k: Scale(s.weight * weight, s.top * factor) for k, s in SCALES.items()}
    stretched = [
        Sheet(s.juror, s.team, {k: Fraction(v) * factor for k, v in s.marks.items()}) for s in given
    ]

    assert rank(TEAMS, scales, stretched) == rank(TEAMS, SCALES, given)


@given(sheets, st.data())
def test_a_higher_mark_never_costs_a_place(given: list[Sheet], data: st.DataObject) -> None:
    raisable = [(i, key) for i, sheet in enumerate(given) for key in sheet.marks]
    if not raisable:
        return
    index, key = data.draw(st.sampled_from(raisable))
    sheet = given[index]
    better = data.draw(st.integers(int(2 * sheet.marks[key]), 2 * SCALES[key].top))
    raised = list(given)
    raised[index] = Sheet(sheet.juror, sheet.team, {**sheet.marks, key: Decimal(better) / 2})

    before, after = ranks(rank(TEAMS, SCALES, given)), ranks(rank(TEAMS, SCALES, raised))

    assert after[sheet.team] <= before[sheet.team]


@given(sheets)
def test_everybody_is_somewhere_exactly_once(given: list[Sheet]) -> None:
    ranking = rank(TEAMS, SCALES, given)

    listed = [standing.team for standing in ranking.standings] + ranking.not_ranked
    assert sorted(listed) == TEAMS
    assert all(0 <= standing.estimate <= 20 for standing in ranking.standings)
