"""Assigns teams to jurors. The same problem always gives the same solution.

1. A flow gives every team its readings, with loads as even as possible, then with as few changes of
   the earlier plan as possible (minimum convex cost flow: A. Federgruen and H. Groenevelt, "The
   greedy procedure for resource allocation problems", Operations Research 34, 1986).
2. Exchanges of teams connect the jury and even out how many teams two jurors share (`Meetings`).
3. In the orders of jurors a team that comes late for one comes early for another.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

from judging.plan.meetings import Meetings

type Pair = tuple[str, str]  # a juror, a team

TIE_BREAK = 2**53  # the number of values of `Random.random`


@dataclass(frozen=True)
class Problem:
    """`done` are finished sheets, perhaps of jurors who left; they count, stay and come first.

    `recused` is by juror. `planned` is an earlier solution, of which as much as possible is kept.
    """

    teams: Sequence[str]
    jurors: Sequence[str]
    readings: int = 3
    recused: Mapping[str, Collection[str]] = field(default_factory=dict)
    done: Sequence[Pair] = ()
    planned: Sequence[Pair] = ()
    seed: int = 1

    def __post_init__(self) -> None:
        """Raises ValueError for repeated or unknown ids."""
        if self.readings < 1:
            raise ValueError("readings: at least 1")
        for name, ids in (("teams", self.teams), ("jurors", self.jurors)):
            repeated = [key for key, n in Counter(ids).items() if n > 1]
            if repeated:
                raise ValueError(f"{name}: {repeated[0]} comes twice")
        existing = set(self.teams)
        named = [team for _, team in (*self.done, *self.planned)]
        for team in [*named, *(team for teams in self.recused.values() for team in teams)]:
            if team not in existing:
                raise ValueError(f"unknown team: {team}")


@dataclass(frozen=True)
class Shortfall:
    team: str
    wanted: int
    readings: int


@dataclass(frozen=True)
class Quality:
    """Spreads are the largest number less the smallest, for the jurors still seated."""

    load_spread: int
    components: int
    pair_overlap_spread: int


@dataclass(frozen=True)
class Solution:
    assignments: dict[str, list[str]]
    shortfalls: list[Shortfall]
    quality: Quality


def solve(problem: Problem) -> Solution:
    """About half a second for 60 teams and 25 jurors."""
    rng = Random(problem.seed)  # noqa: S311 - not a secret: the plan must be reproducible
    barred = {(juror, team) for juror, teams in problem.recused.items() for team in teams}
    done = [pair for pair in dict.fromkeys(problem.done) if pair not in barred]
    planned = [pair for pair in dict.fromkeys(problem.planned) if pair not in barred]
    free = _new_pairs(problem, barred, done, set(planned), rng)
    meetings = Meetings(done, free, barred, keep=set(planned) & set(free))
    meetings.connect()
    meetings.even_out(rng)
    meetings.connect()
    pairs = meetings.free
    assignments = _reading_orders(problem, done, pairs, planned, rng)
    counts = Counter(team for _, team in (*done, *pairs))
    return Solution(
        assignments=assignments,
        shortfalls=[
            Shortfall(team, problem.readings, counts[team])
            for team in problem.teams
            if counts[team] < problem.readings
        ],
        quality=quality(assignments, problem.jurors),
    )


def quality(assignments: Mapping[str, Collection[str]], jurors: Sequence[str]) -> Quality:
    """Jurors who are only in `assignments` have left: they count in `components` alone."""
    loads = [len(assignments.get(juror, ())) for juror in jurors]
    sets = [set(assignments.get(juror, ())) for juror in jurors]
    overlaps = [len(a & b) for a, b in combinations(sets, 2)]
    pairs = [(juror, team) for juror, teams in assignments.items() for team in teams]
    return Quality(
        load_spread=max(loads, default=0) - min(loads, default=0),
        components=len(Meetings(pairs, [], set()).components()),
        pair_overlap_spread=max(overlaps, default=0) - min(overlaps, default=0),
    )


def _new_pairs(
    problem: Problem,
    barred: Collection[Pair],
    done: Sequence[Pair],
    planned: set[Pair],
    rng: Random,
) -> list[Pair]:
    """The pairs to add to `done`, by a minimum cost flow from teams through jurors.

    Costs are exact whole numbers: first the loads, then changes of the plan, then a random part.
    """
    import networkx  # a third of a second, which only the process that draws up a plan needs

    finished = Counter(team for _, team in done)
    loads = Counter(juror for juror, _ in done)
    excluded = set(done) | set(barred)
    pairs = [(j, t) for j in problem.jurors for t in problem.teams if (j, t) not in excluded]
    possible = Counter(team for _, team in pairs)
    needs = {t: min(max(0, problem.readings - finished[t]), possible[t]) for t in problem.teams}
    total = sum(needs.values())
    if not total:
        return []
    graph = networkx.MultiDiGraph()
    graph.add_node("readings", demand=total)
    for team, need in needs.items():
        graph.add_node(("team", team), demand=-need)
    for juror, team in pairs:
        cost = (0 if (juror, team) in planned else 2 * TIE_BREAK) + int(rng.random() * TIE_BREAK)
        graph.add_edge(("team", team), ("juror", juror), capacity=1, weight=cost)
    unit = 4 * TIE_BREAK * (len(pairs) + 1)  # more than all pairs cost together
    for juror in problem.jurors:
        # One edge for each further team, with rising costs: they add up to the square of the load.
        for load in range(loads[juror], loads[juror] + _load_bound(problem, loads, total)):
            weight = unit * (2 * load + 1)
            graph.add_edge(("juror", juror), "readings", capacity=1, weight=weight)
    _, flow = networkx.network_simplex(graph)
    return [(j, t) for j, t in pairs if flow["team", t]["juror", j][0]]


def _load_bound(problem: Problem, loads: Collection[str], needed: int) -> int:
    """An upper bound for the load of a juror in the optimum."""
    teams = len(problem.teams)
    if loads or any(problem.recused.values()):
        return teams
    return min(teams, -(-needed // len(problem.jurors)))


def _reading_orders(
    problem: Problem,
    done: Iterable[Pair],
    pairs: Iterable[Pair],
    planned: Sequence[Pair],
    rng: Random,
) -> dict[str, list[str]]:
    """Finished teams first, then planned ones, then new ones."""
    orders: dict[str, list[str]] = {juror: [] for juror in problem.jurors}
    for juror, team in done:
        orders.setdefault(juror, []).append(team)
    teams_of: dict[str, set[str]] = defaultdict(set)
    for juror, team in pairs:
        teams_of[juror].add(team)
    lateness = dict.fromkeys(problem.teams, 0.0)  # sum of relative positions so far
    for juror in rng.sample(list(problem.jurors), len(problem.jurors)):
        planned_before = [team for j, team in planned if j == juror and team in teams_of[juror]]
        new = sorted(teams_of[juror] - set(planned_before))
        rng.shuffle(new)
        new.sort(key=lambda team: -lateness[team])
        order = [*planned_before, *new]
        for position, team in enumerate(order):
            lateness[team] += (position + 0.5) / len(order) - 0.5
        orders[juror] += order
    return orders
