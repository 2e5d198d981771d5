"""`python -m bench.fairness.readings [--juries 2000] [--first 0]`: which sheets are worth reading.

The same marks for all policies: what a policy reads is all that differs. 95 % intervals.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bench.fairness.juries import Case, Jury, draw, plan
from hackathon.extras.offered_readings.rules import WORTH, offer
from judging.plan.more_readings import Pair, Situation, second_reading
from judging.ranking.grid import adjusted_means, components
from judging.ranking.noise import posterior
from judging.ranking.standings import Total, rank

# A juror in twelve must not read a team; jurors stretch their marks by about 20 %.
A = Case(12, 6, 3, severity=0.8, error=0.7, scales=0.2, conflicts=0.48)
B = replace(A, teams=18, readings=2)
NOT_WORTH = -1.0

type Pairs = list[tuple[str, str]]
type Policy = Callable[[Jury, int], list[Total]]


@dataclass(frozen=True)
class Outcome:
    sheets: int
    least: int
    tau: float
    first: bool


def planned(jury: Jury, seed: int, *, readings: int = 0) -> list[Total]:
    case = replace(jury.case, readings=readings) if readings else jury.case
    return [jury.total(j, t) for j, teams in plan(case, seed % 50).items() for t in teams]


def two_for_each_leader(jury: Jury, seed: int) -> list[Total]:
    """At once, by the jurors with the fewest sheets: what the site proposed until decision 39."""
    totals = planned(jury, seed)
    leaders = rank(totals).groups[0]
    for team in [*leaders, *leaders] if len(leaders) > 1 else []:
        load = Counter(total.juror for total in totals)
        pairs = [pair for pair in _unread(jury, totals) if pair[1] == team]
        if pairs:
            totals.append(jury.total(*min(pairs, key=lambda pair: (load[pair[0]], pair[0]))))
    return totals


def second_one_by_one(jury: Jury, seed: int, *, most: int) -> list[Total]:
    """What the president is proposed, until one team leads or `most` sheets are read."""
    totals = planned(jury, seed)
    while len(totals) < most:
        leaders = [int(team) for team in rank(totals).groups[0]]
        pair = second_reading(_situation(jury, totals), leaders) if len(leaders) > 1 else None
        if pair is None:
            break
        totals.append(jury.total(*map(str, pair)))
    return totals


def offered(
    jury: Jury,
    seed: int,
    *,
    readings: int,
    most: int,
    together: int = 99,
    worth: float = NOT_WORTH,
) -> list[Total]:
    """Every juror reads the plan, then `together` jurors accept before the next result."""
    totals = planned(jury, seed, readings=readings)
    first = len(totals)
    while len(totals) < most:
        situation = _situation(jury, totals, least=readings, plan_sheets=first)
        accepted = _accepted(situation, worth)[: min(together, most - len(totals))]
        if not accepted:
            break
        totals += [jury.total(str(juror), str(team)) for juror, team in accepted]
    return totals


def _accepted(situation: Situation, worth: float) -> list[Pair]:
    """One reading for each juror, before any of them is finished."""
    found: list[Pair] = []
    for juror in situation.jurors:
        pending = [*situation.seconds, *found]
        now = replace(situation, seconds=pending, assigned=[*situation.assigned, *found])
        team = offer(now, juror, worth=worth)
        if team is not None:
            found.append((juror, team))
    return found


def anchored(jury: Jury, seed: int, *, sheets: int) -> list[Total]:
    """All jurors mark one common work first; the other sheets are spread over all teams."""
    work = str(jury.case.teams)
    common = [jury.total(juror, work) for juror in jury.readers]
    left = sheets - len(common)
    totals = planned(jury, seed, readings=left // jury.case.teams)
    order = np.random.default_rng(seed).permutation(jury.case.teams)
    for team in map(str, np.resize(order, left - len(totals))):
        load = Counter(total.juror for total in totals)
        pairs = [pair for pair in _unread(jury, totals) if pair[1] == team]
        totals.append(jury.total(*min(pairs, key=lambda pair: (load[pair[0]], pair[0]))))
    return totals + common


def _unread(jury: Jury, totals: Sequence[Total]) -> Pairs:
    read = {(total.juror, total.team) for total in totals} | jury.recused
    pairs = [(j, str(t)) for j in jury.readers for t in range(jury.case.teams)]
    return [pair for pair in pairs if pair not in read]


def _situation(
    jury: Jury, totals: list[Total], *, least: int = 0, plan_sheets: int = 0
) -> Situation:
    pairs = [(int(total.juror), int(total.team)) for total in totals]
    return Situation(
        teams=range(jury.case.teams),
        jurors=range(jury.case.jurors),
        paused=(),
        least=least,
        assigned=pairs,
        seconds=pairs[plan_sheets:],
        begun=(),
        finished=pairs,
        barred={(int(j), int(t)) for j, t in jury.recused},
        put_off=(),
        totals=[Total(int(t.juror), int(t.team), t.value) for t in totals],
        noise=posterior(components(totals)),
    )


POLICIES: dict[str, list[tuple[str, Case, Policy]]] = {
    "A": [
        ("three readings each", A, planned),
        ("two more for each leader at once", A, two_for_each_leader),
        ("second readings one at a time", A, partial(second_one_by_one, most=99)),
        ("two readings, then offers to all", A, partial(offered, readings=2, most=36)),
        ("  one juror at a time", A, partial(offered, readings=2, most=36, together=1)),
        ("  to all, 40 sheets", A, partial(offered, readings=2, most=40)),
        ("three readings, then offers to all", A, partial(offered, readings=3, most=40)),
        ("  to all, while worth it", A, partial(offered, readings=3, most=99, worth=WORTH)),
        ("a common work, then spread", A, partial(anchored, sheets=36)),
        ("  the same, 40 sheets", A, partial(anchored, sheets=40)),
    ],
    "B": [
        ("two readings each", B, planned),
        ("two more for each leader at once", B, two_for_each_leader),
        ("second readings one at a time", B, partial(second_one_by_one, most=99)),
        ("two readings, then offers to all", B, partial(offered, readings=2, most=40)),
        ("  to all, while worth it", B, partial(offered, readings=2, most=99, worth=WORTH)),
        ("a common work, then spread", B, partial(anchored, sheets=40)),
    ],
}


def outcome(jury: Jury, totals: list[Total]) -> Outcome:
    [grid] = components(totals)
    values = dict(zip(grid.teams, adjusted_means(grid).team_values, strict=True))
    teams = [str(t) for t in range(jury.case.teams)]
    estimates = np.array([values[team] for team in teams])
    a, b = (np.sign(x[:, None] - x[None, :]) for x in (estimates, jury.quality))
    readings = Counter(total.team for total in totals)
    return Outcome(
        sheets=len(totals),
        least=min(readings[team] for team in teams),
        tau=float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())),
        first=int(np.argmax(estimates)) == int(np.argmax(jury.quality)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fairness.readings")
    parser.add_argument("--juries", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="seed of the first jury")
    parser.add_argument("--scenario", choices=POLICIES)
    chosen = parser.parse_args()
    seeds = range(chosen.first, chosen.first + chosen.juries)
    for scenario, policies in POLICIES.items():
        if chosen.scenario in (None, scenario):
            for name, case, policy in policies:
                juries = [draw(case, seed) for seed in seeds]
                found = [outcome(j, policy(j, seed)) for seed, j in zip(seeds, juries, strict=True)]
                _print(f"{scenario}  {name}", found)


def _print(name: str, outcomes: list[Outcome]) -> None:
    n = len(outcomes)
    first = np.mean([outcome.first for outcome in outcomes])
    taus = [outcome.tau for outcome in outcomes]
    print(
        f"{name:<40} sheets {np.mean([o.sheets for o in outcomes]):.1f}"
        f" │ least {np.mean([o.least for o in outcomes]):.2f}"
        f" │ tau {np.mean(taus):.3f} ± {1.96 * np.std(taus) / n**0.5:.3f}"
        f" │ best first {first:.1%} ± {1.96 * (first * (1 - first) / n) ** 0.5:.1%}",
        flush=True,
    )


if __name__ == "__main__":
    main()
