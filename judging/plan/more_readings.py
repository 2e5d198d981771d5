"""What a reading beyond the plan would settle: docs/decisions/0039."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from judging.ranking.gains import Beliefs, beliefs, gains
from judging.ranking.noise import Noise
from judging.ranking.standings import Total

type Pair = tuple[int, int]  # a juror and a team, by their ids


@dataclass(frozen=True)
class Situation:
    """Of one jury. Teams and jurors are ids: those present, and those seated.

    `seconds` are the assigned pairs beyond the plan, `begun` the drafts, `finished` the final
    sheets. `barred` are recusals; `put_off` are the readings that jurors do not want now.
    """

    teams: Sequence[int]
    jurors: Sequence[int]
    paused: Collection[int]
    least: int
    assigned: Collection[Pair]
    seconds: Collection[Pair]
    begun: Collection[Pair]
    finished: Collection[Pair]
    barred: Collection[Pair]
    put_off: Collection[Pair]
    totals: Sequence[Total]
    noise: Noise

    @cached_property
    def beliefs(self) -> Beliefs:
        """As if the readings beyond the plan that are awaited brought what is expected of them."""
        readers = [*self.jurors, *(total.juror for total in self.totals)]
        pending = set(self.seconds) - set(self.finished) - set(self.barred)
        awaited = sorted(p for p in pending if p[0] in self.jurors and p[1] in self.teams)
        return beliefs(self.totals, self.teams, readers, self.noise).expecting(awaited)

    @cached_property
    def left(self) -> Counter[int]:
        """How many readings each juror has still to do."""
        open_pairs = set(self.assigned) - set(self.finished) - set(self.barred)
        return Counter(juror for juror, team in open_pairs if team in self.teams)

    @cached_property
    def extra(self) -> Counter[int]:
        """How many readings beyond the plan each juror has, finished or not."""
        return Counter(juror for juror, _ in self.seconds)

    def possible(self, juror: int) -> list[Pair]:
        """The readings that the juror could be given."""
        taken = set(self.assigned) | set(self.begun) | set(self.finished) | set(self.barred)
        return [(juror, team) for team in self.teams if (juror, team) not in taken]


def second_reading(situation: Situation, teams: Collection[int]) -> Pair | None:
    """The most useful reading of one of these teams, by a juror who has little to read."""
    pairs = [p for j in situation.jurors for p in situation.possible(j) if p[1] in teams]
    if not pairs:
        return None
    load = situation.left + situation.extra
    fewest = min(load[juror] for juror, _ in pairs)
    pairs = [pair for pair in pairs if load[pair[0]] == fewest]
    return pairs[int(np.argmax(gains(situation.beliefs, pairs)))]
