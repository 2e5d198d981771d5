"""Which reading is offered to a juror who has finished: docs/decisions/0039."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from judging.ranking.gains import Beliefs, beliefs, gains
from judging.ranking.noise import Noise
from judging.ranking.standings import Total

type Pair = tuple[int, int]  # a juror and a team, by their ids

WORTH = 0.02  # points out of 20: a reading from which less is expected is not offered
AHEAD = 2  # readings beyond the plan that a juror may have more than the juror with the fewest
MOST_DECLINED = 2  # then nothing more is offered


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
    def short(self) -> set[int]:
        """Teams with fewer readings than the plan wants, finished or begun."""
        pairs = set(self.begun) | set(self.finished) | set(self.seconds)
        counted = {(total.juror, total.team) for total in self.totals}
        under_way = {pair for pair in pairs - set(self.barred) if pair[0] in self.jurors} | counted
        readings = Counter(team for _, team in under_way)
        return {team for team in self.teams if readings[team] < self.least}

    @cached_property
    def extra(self) -> Counter[int]:
        """How many readings beyond the plan each juror has, finished or not."""
        return Counter(juror for juror, _ in self.seconds)

    def may_be_asked(self, juror: int) -> bool:
        """Loads stay even, and declining again and again would show in which order teams matter."""
        if juror not in self.jurors or juror in self.paused or self.left[juror]:
            return False
        fewest = min(self.extra[reader] for reader in self.jurors)
        declined = [pair for pair in self.put_off if pair[0] == juror and pair not in self.assigned]
        return self.extra[juror] < fewest + AHEAD and len(declined) < MOST_DECLINED

    def possible(self, juror: int) -> list[Pair]:
        """The readings that the juror could be given."""
        taken = set(self.assigned) | set(self.begun) | set(self.finished) | set(self.barred)
        return [(juror, team) for team in self.teams if (juror, team) not in taken]


def offer(situation: Situation, juror: int, *, worth: float = WORTH) -> int | None:
    """The team that the juror, if all own sheets are finished, is asked to read as well.

    Teams that are short come first, however little their readings would settle.
    """
    if not situation.totals or not situation.may_be_asked(juror):
        return None
    pairs = [pair for pair in situation.possible(juror) if pair not in situation.put_off]
    short = [pair for pair in pairs if pair[1] in situation.short]
    pairs = short or pairs
    if not pairs:
        return None
    found = gains(situation.beliefs, pairs)
    best = int(np.argmax(found))
    return pairs[best][1] if short or found[best] >= worth else None


def second_reading(situation: Situation, teams: Collection[int]) -> Pair | None:
    """The most useful reading of one of these teams, by a juror who has little to read."""
    pairs = [p for j in situation.jurors for p in situation.possible(j) if p[1] in teams]
    if not pairs:
        return None
    load = situation.left + situation.extra
    fewest = min(load[juror] for juror, _ in pairs)
    pairs = [pair for pair in pairs if load[pair[0]] == fewest]
    return pairs[int(np.argmax(gains(situation.beliefs, pairs)))]
