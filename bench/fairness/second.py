"""`python -m bench.fairness.second [--juries 2000]`: what second readings are worth.

It counts how often the truly best team is first after the first readings, after second readings of
the leading group, and after as many extra sheets spread over all teams.
"""

import argparse
from collections.abc import Collection

import numpy as np

from bench.fairness.juries import Case, Jury, draw
from judging.deliberation.second_readings import Pair, propose
from judging.ranking.standings import Total, rank

CASE = Case(teams=12, jurors=6, readings=3, severity=0.8, error=0.7)
READINGS = (1, 2, 3)
SPREAD = (6, 12)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fairness.second")
    parser.add_argument("--juries", type=int, default=2000)
    juries = [draw(CASE, seed) for seed in range(parser.parse_args().juries)]
    _print("no extra sheet", juries, [[] for _ in juries])
    for readings in READINGS:
        plans = [second_readings(jury, seed, readings) for seed, jury in enumerate(juries)]
        _print(f"{readings} more of each leader", juries, plans)
    for sheets in SPREAD:
        plans = [spread(jury, seed, sheets) for seed, jury in enumerate(juries)]
        _print(f"{sheets} spread over all", juries, plans)


def second_readings(jury: Jury, seed: int, readings: int) -> list[Pair]:
    leaders = rank(jury.totals).groups[0]
    if len(leaders) == 1:
        return []
    readers: dict[str, list[str]] = {team: [] for team in leaders}
    for juror, teams in jury.readers.items():
        for team in set(teams) & set(leaders):
            readers[team].append(juror)
    return propose(leaders, jury.readers, readers, [], {}, seed, readings=readings)


def spread(jury: Jury, seed: int, sheets: int) -> list[Pair]:
    """With random jurors, over all teams as evenly as possible."""
    rng = np.random.default_rng(seed)
    plan: list[Pair] = []
    for n in range(sheets):
        if n % CASE.teams == 0:
            order = rng.permutation(CASE.teams)
        team = str(order[n % CASE.teams])
        able = [
            j for j, teams in jury.readers.items() if team not in teams and (j, team) not in plan
        ]
        plan.append((str(rng.choice(able)), team))
    return plan


def best_is_first(jury: Jury, extra: Collection[Pair]) -> bool:
    more: list[Total] = [jury.total(juror, team) for juror, team in extra]
    first = rank([*jury.totals, *more]).standings[0]
    return int(first.team) == int(np.argmax(jury.quality))


def _print(name: str, juries: list[Jury], plans: list[list[Pair]]) -> None:
    first = np.mean([best_is_first(j, plan) for j, plan in zip(juries, plans, strict=True)])
    print(
        f"{name:<22} best first in {first:.1%}"
        f"  (± {1.96 * (first * (1 - first) / len(juries)) ** 0.5:.1%})"
        f"  {np.mean([len(plan) for plan in plans]):.1f} extra sheets",
        flush=True,
    )


if __name__ == "__main__":
    main()
