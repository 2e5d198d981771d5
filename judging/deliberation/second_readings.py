"""Which jurors read the leading teams again. Loads are as even as possible.

N. Harvey, R. Ladner, L. Lovász and T. Tamir, "Semi-matchings for bipartite graphs and load
balancing", Journal of Algorithms 59, 2006.
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
    """`loads` are numbers of unfinished sheets. The order of `jurors` has no influence."""
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
    readers: dict[Key, set[Key]] = {team: set() for team in leaders}
    for _ in range(readings):
        for team in leaders:
            _give(team, able, readers, load, turn)
    return [(j, team) for team in leaders for j in sorted(readers[team], key=turn.__getitem__)]


def _give(
    team: Key,
    able: Mapping[Key, list[Key]],
    readers: dict[Key, set[Key]],
    load: dict[Key, int],
    turn: Mapping[Key, int],
) -> None:
    """Breadth-first search over alternating paths, to the reachable juror with the least load."""
    # By juror: the team to read, and the juror to be replaced there.
    step: dict[Key, tuple[Key, Key | None]] = {}
    queue: deque[tuple[Key, Key | None]] = deque([(team, None)])
    while queue:
        current, replaced = queue.popleft()
        for juror in able[current]:
            if juror in step or juror in readers[current]:
                continue
            step[juror] = (current, replaced)
            queue.extend((other, juror) for other in readers if juror in readers[other])
    if not step:
        return
    juror = min(step, key=lambda j: (load[j], turn[j]))
    load[juror] += 1
    while True:
        current, replaced = step[juror]
        readers[current].add(juror)
        if replaced is None:
            return
        readers[current].discard(replaced)
        juror = replaced
