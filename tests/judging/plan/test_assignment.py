import subprocess
import sys
from collections import Counter
from collections.abc import Collection
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judging.plan.assignment import Problem, Solution, quality, solve


@st.composite
def problems(draw: st.DrawFn, *, barred: bool = True, done: bool = True) -> Problem:
    teams = [f"t{i}" for i in range(draw(st.integers(1, 14)))]
    jurors = [f"j{i}" for i in range(draw(st.integers(1, 7)))]
    pairs = st.tuples(st.sampled_from(jurors), st.sampled_from(teams))
    recused: dict[str, set[str]] = {}
    if barred:
        for juror, team in draw(st.lists(pairs, max_size=12)):
            recused.setdefault(juror, set()).add(team)
    gone = st.tuples(st.just("gone"), st.sampled_from(teams))
    finished = draw(st.lists(pairs | gone, max_size=10)) if done else []
    return Problem(
        teams,
        jurors,
        readings=draw(st.integers(1, 5)),
        recused=recused,
        done=[(j, t) for j, t in finished if t not in recused.get(j, ())],
        seed=draw(st.integers(0, 3)),
    )


def readings(solution: Solution) -> Counter[str]:
    return Counter(team for teams in solution.assignments.values() for team in teams)


@given(problems())
@settings(max_examples=150, deadline=None)
def test_every_team_has_its_readings_or_the_shortfall_is_named(problem):
    solution = solve(problem)
    counts = readings(solution)
    finished = Counter(team for _, team in set(problem.done))

    for team in problem.teams:
        left_out = {j for j, t in problem.done if t == team and j not in problem.jurors}
        could = [j for j in problem.jurors if team not in problem.recused.get(j, ())]
        wanted = min(problem.readings, len(could) + len(left_out))
        assert counts[team] == max(wanted, finished[team])
    assert {s.team: s.readings for s in solution.shortfalls} == {
        team: counts[team] for team in problem.teams if counts[team] < problem.readings
    }


@given(problems())
@settings(max_examples=150, deadline=None)
def test_recusals_are_kept_and_finished_sheets_stay_first(problem):
    solution = solve(problem)
    finished = list(dict.fromkeys(problem.done))

    for juror, teams in solution.assignments.items():
        assert len(teams) == len(set(teams))
        assert not set(teams) & set(problem.recused.get(juror, ()))
        own = [team for j, team in finished if j == juror]
        assert teams[: len(own)] == own
        assert juror in problem.jurors or teams == own


@given(problems(barred=False, done=False))
@settings(max_examples=100, deadline=None)
def test_loads_differ_by_at_most_one_and_the_jury_is_linked(problem):
    solution = solve(problem)
    loads = [len(teams) for teams in solution.assignments.values()]
    nodes = len(problem.teams) + sum(load > 0 for load in loads)

    assert solution.quality.load_spread == max(loads) - min(loads) <= 1
    if sum(loads) >= nodes - 1:
        assert solution.quality.components == 1


@given(problems())
@settings(max_examples=150, deadline=None)
def test_no_chain_of_hand_overs_would_even_the_loads_out(problem):
    solution = solve(problem)
    free = {
        juror: [team for team in solution.assignments[juror] if (juror, team) not in problem.done]
        for juror in problem.jurors
    }
    for giver in problem.jurors:
        reached = _reached(problem, solution, free, giver)
        load = len(solution.assignments[giver])
        assert all(load - len(solution.assignments[juror]) <= 1 for juror in reached)


def _reached(
    problem: Problem, solution: Solution, free: dict[str, list[str]], giver: str
) -> Collection[str]:
    reached, border = {giver}, [giver]
    while border:
        juror = border.pop()
        for other in problem.jurors:
            taken = {*solution.assignments[other], *problem.recused.get(other, ())}
            if other not in reached and set(free[juror]) - taken:
                reached.add(other)
                border.append(other)
    return reached


@given(problems())
@settings(max_examples=50, deadline=None)
def test_the_same_problem_gives_the_same_answer(problem):
    assert solve(problem) == solve(problem)


@pytest.mark.system
def test_the_answer_does_not_depend_on_hash_seeds():
    code = (
        "from judging.plan.assignment import *; print(solve(Problem([*'abcdefghij'], [*'uvwxyz'])))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            text=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }

    assert len(answers) == 1


@pytest.mark.parametrize(("teams", "jurors"), [(12, 6), (60, 12), (60, 25)])
def test_pairs_of_jurors_meet_evenly(teams, jurors):
    found = solve(Problem([f"t{i}" for i in range(teams)], [f"j{i}" for i in range(jurors)]))

    assert found.quality.load_spread <= 1
    assert found.quality.components == 1
    assert found.quality.pair_overlap_spread <= 1


def test_a_small_jury_reads_everything():
    found = solve(Problem(["a", "b"], ["x", "y", "z"]))

    assert all(sorted(teams) == ["a", "b"] for teams in found.assignments.values())


def test_every_juror_has_an_order_of_their_own():
    problem = Problem([f"t{i:02}" for i in range(20)], [f"j{i}" for i in range(4)], readings=4)
    orders = solve(problem).assignments
    places = {team: [order.index(team) for order in orders.values()] for team in problem.teams}

    assert all(one != other for one, other in combinations(map(tuple, orders.values()), 2))
    # On average over the jury each team comes in the middle of an order.
    assert all(abs(sum(place) / 4 - 9.5) <= 4 for place in places.values())


def test_a_repair_changes_no_more_than_needed():
    teams, jurors = [f"t{i}" for i in range(12)], [f"j{i}" for i in range(6)]
    first = solve(Problem(teams, jurors)).assignments
    done = [("j0", first["j0"][0]), ("j1", first["j1"][0])]
    planned = [(juror, team) for juror, order in first.items() for team in order]

    repaired = solve(Problem(teams, jurors[:5], done=done, planned=planned))

    assert not repaired.shortfalls
    assert repaired.quality.components == 1
    lost = sum(team not in repaired.assignments[j] for j, team in planned if j != "j5")
    assert lost == 0  # jurors who stay keep their teams
    assert repaired.assignments["j1"][0] == first["j1"][0]


def test_a_late_juror_takes_a_fair_part():
    teams, jurors = [f"t{i}" for i in range(12)], [f"j{i}" for i in range(5)]
    first = solve(Problem(teams, jurors)).assignments
    planned = [(juror, team) for juror, order in first.items() for team in order]

    repaired = solve(Problem(teams, [*jurors, "late"], planned=planned))

    assert repaired.quality.load_spread == 0
    kept = sum(team in repaired.assignments[juror] for juror, team in planned)
    assert kept == len(planned) - 6  # only the teams of the new juror have moved


def test_a_problem_that_makes_no_sense_is_refused():
    for wrong in (
        {"teams": ["a", "a"], "jurors": ["x"]},
        {"teams": ["a"], "jurors": ["x", "x"]},
        {"teams": ["a"], "jurors": ["x"], "readings": 0},
        {"teams": ["a"], "jurors": ["x"], "done": [("x", "b")]},
        {"teams": ["a"], "jurors": ["x"], "recused": {"x": ["b"]}},
    ):
        with pytest.raises(ValueError, match=r"twice|unknown|at least"):
            Problem(**wrong)


def test_a_problem_may_have_no_juror_and_no_team():
    assert solve(Problem([], [])).assignments == {}
    assert solve(Problem([], ["x"])).assignments == {"x": []}
    assert [s.readings for s in solve(Problem(["a"], [])).shortfalls] == [0]


def test_quality_of_an_assignment_by_hand():
    found = quality({"x": ["a", "b", "c"], "y": ["a", "b"], "z": ["d"]}, ["x", "y", "z"])

    assert (found.load_spread, found.components, found.pair_overlap_spread) == (2, 2, 2)
