"""Second readings: which jurors read the leading teams again. Pure: ids in, pairs out.

A juror gets only teams they have not read and are not recused from. Each leading team gets
`READINGS` new readers, or as many as there are. Loads are as even as possible: every reading goes
to the least loaded juror that an alternating path of reassignments reaches (N. Harvey, R. Ladner,
L. Lovász and T. Tamir, "Semi-matchings for bipartite graphs and load balancing", Journal of
Algorithms 59, 2006).
"""

import random
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import Any

READINGS = 2  # per leading team; `bench.fairness.second` measures what they are worth

type Key = Any
type Pair = tuple[Key, Key]  # a juror, a team


def propose(
    leaders: Iterable[Key],
    jurors: Iterable[Key],
    readers_of: Mapping[Key, Collection[Key]],
    recused: Collection[Pair],
    loads: Mapping[Key, int],
    seed: int,
    *,
    readings: int = READINGS,
) -> list[Pair]:
    """Pairs of a juror and a team, by team in the order of `leaders`.

    The same seed gives the same pairs, whatever the order of `jurors`. `loads`: sheets that a juror
    has still to finish.
    """
    leaders = list(dict.fromkeys(leaders))
    seats = sorted(set(jurors), key=repr)
    random.Random(seed).shuffle(seats)  # noqa: S311 - the order of equals, not a secret
    barred = set(recused)
    able = {
        team: [j for j in seats if j not in readers_of.get(team, ()) and (j, team) not in barred]
        for team in leaders
    }
    turn = {juror: n for n, juror in enumerate(seats)}
    load = {juror: loads.get(juror, 0) for juror in seats}
    given: dict[Key, set[Key]] = {team: set() for team in leaders}
    for _ in range(readings):
        for team in leaders:
            _give(team, able, given, load, turn)
    return [(j, team) for team in leaders for j in sorted(given[team], key=turn.__getitem__)]


def _give(
    team: Key,
    able: Mapping[Key, list[Key]],
    given: dict[Key, set[Key]],
    load: dict[Key, int],
    turn: Mapping[Key, int],
) -> None:
    """Add a reader to `team`, if need be by reassigning others; nothing if nobody is left.

    Breadth-first search over alternating paths, then along the path to the least loaded juror.
    """
    # For each juror reached: the team they would read, and the juror they would replace there.
    step: dict[Key, tuple[Key, Key | None]] = {}
    queue: deque[tuple[Key, Key | None]] = deque([(team, None)])
    while queue:
        current, replaced = queue.popleft()
        for juror in able[current]:
            if juror in step or juror in given[current]:
                continue
            step[juror] = (current, replaced)
            queue.extend((other, juror) for other in given if juror in given[other])
    if not step:
        return
    juror = min(step, key=lambda j: (load[j], turn[j]))
    load[juror] += 1
    while True:
        current, replaced = step[juror]
        given[current].add(juror)
        if replaced is None:
            return
        given[current].discard(replaced)
        juror = replaced
