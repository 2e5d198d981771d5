"""Who reads the leaders again. Pure: ids in, pairs out.

Only teams of the leading group, only by jurors who have not read them and are not recused. Each
leader gets as many new readers as there are, up to `READINGS`; loads are as even as that allows:
every reading goes to the least loaded juror that a chain of exchanges reaches (N. Harvey,
R. Ladner, L. Lovász and T. Tamir, "Semi-matchings for bipartite graphs and load balancing",
Journal of Algorithms 59, 2006).
"""

import random
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import Any

READINGS = 2  # more of each leader; what that is worth: `bench.fairness.second`

type Key = Any  # whatever can be a key
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
    """Pairs of a juror and a team, by team in the order of `leaders`; the same for a seed, in
    whatever order jurors are given. `loads`: sheets that a juror has yet to finish.
    """
    leaders = list(dict.fromkeys(leaders))
    seats = sorted(set(jurors), key=repr)
    random.Random(seed).shuffle(seats)  # noqa: S311 - who of equals comes first, not a secret
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
    """One more reader for `team`, perhaps by handing others on; nothing if nobody is left."""
    came: dict[Key, tuple[Key, Key | None]] = {}  # juror -> who would read what, instead of whom
    waiting: deque[tuple[Key, Key | None]] = deque([(team, None)])
    while waiting:
        asked, instead = waiting.popleft()
        for juror in able[asked]:
            if juror in came or juror in given[asked]:
                continue
            came[juror] = (asked, instead)
            waiting.extend((other, juror) for other in given if juror in given[other])
    if not came:
        return
    juror = min(came, key=lambda j: (load[j], turn[j]))
    load[juror] += 1
    while True:
        asked, instead = came[juror]
        given[asked].add(juror)
        if instead is None:
            return
        given[asked].discard(instead)
        juror = instead
