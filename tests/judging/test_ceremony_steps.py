"""The ceremony's steps for any decisions: in order, complete, none saying what a later one will."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from judging.ceremony import steps as ceremony
from judging.ceremony.steps import Decided, Step, StepKind


@st.composite
def decisions(draw: st.DrawFn) -> list[Decided]:
    """Some departments, each with nominees, places with ex aequo, and special prizes."""
    found = []
    for department in range(draw(st.integers(0, 5))):
        teams = [department * 100 + n for n in range(draw(st.integers(0, 8)))]
        if not teams:
            found.append(Decided(department))
            continue
        one_of = st.sampled_from(teams)
        places: dict[int, list[int | str]] = {}
        for team in draw(st.lists(one_of, unique=True, max_size=4)):
            places.setdefault(draw(st.integers(1, 4)), []).append(team)
        titles = st.sampled_from(["Coup de cœur", "Audace", "Prix du public"])
        special = draw(st.lists(st.tuples(titles, one_of), max_size=3, unique=True))
        found.append(Decided(department, teams, places, special))
    return found


def won(step: Step) -> set[int | str]:
    return set(step.teams) if step.reveals else set()


@given(decisions())
def test_everybody_who_won_is_shown_once_for_each_prize_and_again_at_the_end(
    decided: list[Decided],
) -> None:
    steps = ceremony.steps(decided)

    assert (steps[0].kind, steps[-1].kind) == (StepKind.OPENING, StepKind.FINALE)
    for one in decided:
        mine = [step for step in steps if step.department == one.department]
        places = {step.rank: list(step.teams) for step in mine if step.kind == StepKind.PLACE}
        special = [(s.title, t) for s in mine if s.kind == StepKind.SPECIAL for t in s.teams]
        assert places == one.places
        assert sorted(special) == sorted(one.special)
    assert set(steps[-1].teams) == {team for step in steps for team in won(step)}


@given(decisions())
def test_departments_come_one_after_the_other_and_the_first_place_last(
    decided: list[Decided],
) -> None:
    steps = ceremony.steps(decided)

    order = [step.department for step in steps if step.kind == StepKind.TITLE]
    assert order == [one.department for one in decided]
    for one in decided:
        mine = [step for step in steps if step.department == one.department]
        kinds = [step.kind for step in mine]
        assert kinds == sorted(kinds, key=list(StepKind).index)
        ranks = [step.rank for step in mine if step.rank is not None]
        assert ranks == sorted(ranks, reverse=True)


@given(decisions(), st.data())
def test_an_earlier_step_is_the_same_whatever_comes_later(
    decided: list[Decided], data: st.DataObject
) -> None:
    """What is shown up to a step follows from nothing that is decided for after it."""
    if not decided:
        return
    at = data.draw(st.integers(0, len(decided) - 1))
    one = decided[at]
    others = data.draw(
        st.dictionaries(st.integers(1, 4), st.lists(st.integers(900, 999)).filter(bool), min_size=1)
    )
    changed = [
        *decided[:at],
        Decided(one.department, one.nominees, others, [("Autre prix", 901)]),
        *data.draw(decisions()),
    ]

    before, after = ceremony.steps(decided), ceremony.steps(changed)

    until = 1 + before.index(Step(StepKind.TITLE, one.department)) + bool(one.nominees)
    assert before[:until] == after[:until]
    if one.places:
        assert before[until] == after[until] == Step(StepKind.DRUM, one.department)


@given(decisions(), st.integers(0, 60))
def test_nobody_is_revealed_before_their_step(decided: list[Decided], number: int) -> None:
    steps = ceremony.steps(decided)

    shown = ceremony.revealed(steps, number)

    assert shown == {team for step in steps[: number + 1] for team in won(step)}
    for step in steps[: min(number + 1, len(steps) - 1)]:
        if not step.reveals and step.kind != StepKind.NOMINEES:
            assert step.teams == ()


@given(decisions(), st.lists(st.sampled_from([-1, 1]), max_size=80))
def test_no_press_leads_out_of_the_ceremony(decided: list[Decided], presses: list[int]) -> None:
    steps = ceremony.steps(decided)
    number = 0

    for press in presses:
        number = ceremony.moved(steps, number, press)
        assert 0 <= number < len(steps)

    assert (ceremony.following(steps, number) is None) == (number == len(steps) - 1)


def test_the_result_of_2020_shows_both_as_equals() -> None:
    infocom = Decided("INFOCOM", ["bocal", "comunik", "five"], {1: ["comunik", "five"]})

    kinds = [(step.kind, step.teams, step.rank) for step in ceremony.steps([infocom])]

    assert kinds == [
        (StepKind.OPENING, (), None),
        (StepKind.TITLE, (), None),
        (StepKind.NOMINEES, ("bocal", "comunik", "five"), None),
        (StepKind.DRUM, (), None),
        (StepKind.PLACE, ("comunik", "five"), 1),
        (StepKind.FINALE, ("comunik", "five"), None),
    ]


@given(st.integers(0, 12), st.lists(st.sampled_from([name for name, _ in ceremony.TEAMS])))
def test_a_rehearsal_invents_the_same_teams_each_time_and_no_real_one(
    departments: int, taken: Sequence[str]
) -> None:
    decided, teams = ceremony.invented(range(departments), [name.upper() for name in taken])

    assert (decided, teams) == ceremony.invented(range(departments), taken)
    assert not {t.name.casefold() for t in teams.values()} & {name.casefold() for name in taken}
    named = {team for step in ceremony.steps(decided) for team in step.teams}
    assert named == set(teams)
    assert len({team.name for team in teams.values()}) == len(teams)
