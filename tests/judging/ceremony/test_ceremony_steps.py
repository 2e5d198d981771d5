"""Properties of the ceremony's steps, for random decisions."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from judging.ceremony.rehearsal import TEAMS, rehearsal_decisions
from judging.ceremony.steps import (
    DepartmentDecision,
    Step,
    StepKind,
    ceremony_steps,
    moved_number,
    next_kind,
    pause_number,
    revealed_teams,
    steps_until,
)


@st.composite
def decisions(draw: st.DrawFn) -> list[DepartmentDecision]:
    found = []
    for department in range(draw(st.integers(0, 5))):
        teams = [department * 100 + n for n in range(draw(st.integers(0, 8)))]
        if not teams:
            found.append(DepartmentDecision(department))
            continue
        one_of = st.sampled_from(teams)
        places: dict[int, list[int | str]] = {}
        for team in draw(st.lists(one_of, unique=True, max_size=4)):
            places.setdefault(draw(st.integers(1, 4)), []).append(team)
        titles = st.sampled_from(["Coup de cœur", "Audace", "Prix du public"])
        special = draw(st.lists(st.tuples(titles, one_of), max_size=3, unique=True))
        found.append(DepartmentDecision(department, teams, places, special))
    return found


def won(step: Step) -> set[int | str]:
    return set(step.teams) if step.reveals else set()


@given(decisions())
def test_winners_are_shown_once_for_each_prize_and_in_the_finale(decided):
    steps = ceremony_steps(decided)

    assert (steps[0].kind, steps[-1].kind) == (StepKind.OPENING, StepKind.FINALE)
    for one in decided:
        mine = [step for step in steps if step.department == one.department]
        places = {step.rank: list(step.teams) for step in mine if step.kind == StepKind.PLACE}
        special = [(s.title, t) for s in mine if s.kind == StepKind.SPECIAL for t in s.teams]
        assert places == one.places
        assert sorted(special) == sorted(one.special)
    assert set(steps[-1].teams) == {team for step in steps for team in won(step)}


@given(decisions())
def test_departments_come_one_after_the_other_and_the_first_place_last(decided):
    steps = ceremony_steps(decided)

    order = [step.department for step in steps if step.kind == StepKind.TITLE]
    assert order == [one.department for one in decided]
    for one in decided:
        mine = [step for step in steps if step.department == one.department]
        kinds = [step.kind for step in mine]
        assert kinds == sorted(kinds, key=list(StepKind).index)
        ranks = [step.rank for step in mine if step.rank is not None]
        assert ranks == sorted(ranks, reverse=True)


@given(decisions(), st.data())
def test_a_step_does_not_depend_on_later_decisions(decided, data):
    if not decided:
        return
    at = data.draw(st.integers(0, len(decided) - 1))
    one = decided[at]
    others = data.draw(
        st.dictionaries(st.integers(1, 4), st.lists(st.integers(900, 999)).filter(bool), min_size=1)
    )
    changed = [
        *decided[:at],
        DepartmentDecision(one.department, one.nominees, others, [("Autre prix", 901)]),
        *data.draw(decisions()),
    ]

    before, after = ceremony_steps(decided), ceremony_steps(changed)

    until = 1 + before.index(Step(StepKind.TITLE, one.department)) + bool(one.nominees)
    assert before[:until] == after[:until]
    if one.places:
        assert before[until] == after[until] == Step(StepKind.DRUM, one.department)


@given(decisions(), st.integers(0, 60))
def test_winners_are_revealed_at_their_step(decided, number):
    steps = ceremony_steps(decided)

    shown = revealed_teams(steps, number)

    assert shown == {team for step in steps[: number + 1] for team in won(step)}
    for step in steps[: min(number + 1, len(steps) - 1)]:
        if not step.reveals and step.kind != StepKind.NOMINEES:
            assert step.teams == ()


@given(decisions(), st.lists(st.sampled_from([-1, 1]), max_size=80))
def test_moves_stay_within_the_ceremony(decided, presses):
    steps = ceremony_steps(decided)
    number = 0

    for press in presses:
        number = moved_number(steps, number, press)
        assert 0 <= number < len(steps)

    assert (next_kind(steps, number) is None) == (number == len(steps) - 1)


@given(st.integers(0, 12), st.lists(st.sampled_from([name for name, _ in TEAMS])))
def test_a_rehearsal_has_the_same_placeholder_teams_each_time_and_no_real_one(departments, taken):
    decided, teams = rehearsal_decisions(range(departments), [name.upper() for name in taken])

    assert (decided, teams) == rehearsal_decisions(range(departments), taken)
    assert not {t.name.casefold() for t in teams.values()} & {name.casefold() for name in taken}
    named = {team for step in ceremony_steps(decided) for team in step.teams}
    assert named == set(teams)
    assert len({team.name for team in teams.values()}) == len(teams)


# ---------------------------------------------------------------- two acts


HEARD = DepartmentDecision("info", ["a", "b"], {1: ["a"], 2: ["b"]}, [("Cœur", "b")], hears=True)
DECIDED = DepartmentDecision("gea", ["c"], {1: ["c"]})


def test_prizes_of_all_departments_come_behind_the_pause():
    steps = ceremony_steps([DECIDED, HEARD])

    assert [(step.kind, step.department) for step in steps] == [
        (StepKind.OPENING, None),
        (StepKind.TITLE, "info"),
        (StepKind.NOMINEES, "info"),
        (StepKind.DELIBERATION, None),
        (StepKind.TITLE, "gea"),
        (StepKind.NOMINEES, "gea"),
        (StepKind.DRUM, "gea"),
        (StepKind.PLACE, "gea"),
        (StepKind.TITLE, "info"),
        (StepKind.DRUM, "info"),
        (StepKind.PLACE, "info"),
        (StepKind.PLACE, "info"),
        (StepKind.SPECIAL, "info"),
        (StepKind.FINALE, None),
    ]
    assert pause_number(steps) == 3
    assert pause_number(ceremony_steps([DECIDED])) is None


def test_the_first_part_is_the_same_with_and_without_prizes():
    known = ceremony_steps([DECIDED, HEARD])
    without = [replace(each, places={}, special=[]) for each in (DECIDED, HEARD)]

    for number in range(4):
        for waits in (False, True):
            first = steps_until(known, number, waits=waits)
            assert first == steps_until(ceremony_steps(without), number, waits=waits)
            assert len(first) == (4 if waits else 5)
    assert steps_until(known, 4, waits=False) == known
