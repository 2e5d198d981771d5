"""The flow behind a plan against figures that another solver (HiGHS, of SciPy 1.18) gave."""

import subprocess
import sys
from cProfile import Profile
from random import Random

import pytest

from judging.plan.assignment import Problem, solve

# (teams, jurors, readings): (sum of the squares of loads, planned pairs kept, shortfalls,
# load spread, components, pair overlap spread)
EXPECTED = {
    (3, 2, 2): (13, 4, 0, 1, 1, 0),
    (5, 3, 3): (57, 10, 1, 1, 1, 1),
    (6, 4, 2): (31, 9, 0, 1, 1, 1),
    (8, 3, 3): (138, 15, 2, 3, 1, 3),
    (10, 6, 3): (150, 23, 0, 0, 1, 2),
    (12, 4, 2): (122, 15, 0, 1, 1, 1),
    (12, 7, 5): (516, 47, 0, 1, 1, 2),
    (14, 5, 1): (40, 11, 0, 1, 5, 0),
    (20, 10, 3): (338, 45, 0, 1, 1, 3),
    (20, 4, 4): (1158, 57, 6, 2, 1, 2),
    (24, 9, 3): (516, 51, 0, 1, 1, 3),
    (30, 8, 2): (407, 44, 0, 1, 1, 2),
    (33, 12, 3): (753, 77, 0, 1, 1, 4),
    (40, 11, 4): (2243, 124, 0, 1, 1, 7),
    (45, 25, 3): (724, 111, 0, 1, 1, 3),
    (50, 20, 3): (1085, 118, 0, 1, 1, 3),
    (57, 23, 2): (539, 91, 0, 1, 1, 2),
    (60, 12, 3): (2642, 143, 0, 1, 1, 4),
    (60, 25, 3): (1225, 129, 0, 0, 1, 3),
    (60, 25, 5): (3531, 241, 0, 1, 1, 5),
}
PRINT_IMPORTED = """
import sys
def packages():
    return {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names
before = packages()
import judging.plan.assignment
print(packages() - before)
"""
CALLS_MAX = 2_000_000  # 1.4 million now


def drawn(teams: int, jurors: int, readings: int) -> Problem:
    """A jury with recusals, finished sheets, an earlier plan and a juror who came late."""
    chance = Random(f"{teams} {jurors} {readings}")
    names = [f"t{i}" for i in range(teams)]
    seated = [f"j{i}" for i in range(jurors)]
    recused = {j: {t for t in names if chance.random() < 0.12} for j in seated}
    planned = [(j, t) for t in names for j in chance.sample(seated, min(readings, jurors))]
    done = [(j, t) for j, t in planned if chance.random() < 0.25 and t not in recused[j]]
    return Problem(
        names, [*seated[1:], "late"], readings, recused=recused, done=done, planned=planned
    )


@pytest.mark.parametrize("size", EXPECTED)
def test_plans_are_as_even_and_keep_as_much(size):
    problem = drawn(*size)

    found = solve(problem)

    orders, quality = found.assignments, found.quality
    assert (
        sum(len(orders[juror]) ** 2 for juror in problem.jurors),
        sum(team in orders.get(juror, ()) for juror, team in problem.planned),
        len(found.shortfalls),
        quality.load_spread,
        quality.components,
        quality.pair_overlap_spread,
    ) == EXPECTED[size]


def test_a_plan_takes_few_calls_for_sixty_teams_and_25_jurors():
    """It is made while somebody waits for the page: the work must not grow with the number of all
    possible plans.
    """
    profile = Profile()

    profile.runcall(solve, Problem([f"t{i}" for i in range(60)], [f"j{i}" for i in range(25)]))

    assert sum(entry.callcount for entry in profile.getstats()) < CALLS_MAX


@pytest.mark.system
def test_the_solver_needs_nothing_but_the_standard_library():
    """The first plan of a process does not wait for the import of a solver."""
    outside = "{name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names"
    program = (
        f"import sys; before = {outside}; import judging.plan.assignment; print({outside} - before)"
    )

    printed = subprocess.check_output([sys.executable, "-c", program], text=True)

    assert printed.strip() == "{'judging'}"
