"""Which reading is offered to a juror who has finished: docs/decisions/0039."""

from collections import Counter

import numpy as np

from judging.plan.more_readings import Situation
from judging.ranking.gains import gains

WORTH = 0.02  # points out of 20: a reading from which less is expected is not offered
AHEAD = 2  # readings beyond the plan that a juror may have more than the juror with the fewest
MOST_DECLINED = 2  # then nothing more is offered


def short_of(of: Situation) -> set[int]:
    """Teams with fewer readings than the plan wants, finished or begun."""
    pairs = set(of.begun) | set(of.finished) | set(of.seconds)
    counted = {(total.juror, total.team) for total in of.totals}
    under_way = {pair for pair in pairs - set(of.barred) if pair[0] in of.jurors} | counted
    readings = Counter(team for _, team in under_way)
    return {team for team in of.teams if readings[team] < of.least}


def may_be_asked(of: Situation, juror: int) -> bool:
    """Loads stay even, and declining again and again would show in which order teams matter."""
    if juror not in of.jurors or juror in of.paused or of.left[juror]:
        return False
    fewest = min(of.extra[reader] for reader in of.jurors)
    declined = [pair for pair in of.put_off if pair[0] == juror and pair not in of.assigned]
    return of.extra[juror] < fewest + AHEAD and len(declined) < MOST_DECLINED


def offer(situation: Situation, juror: int, *, worth: float = WORTH) -> int | None:
    """The team that the juror, if all own sheets are finished, is asked to read as well.

    Teams that are short come first, however little their readings would settle.
    """
    if not situation.totals or not may_be_asked(situation, juror):
        return None
    pairs = [pair for pair in situation.possible(juror) if pair not in situation.put_off]
    few = short_of(situation)
    short = [pair for pair in pairs if pair[1] in few]
    pairs = short or pairs
    if not pairs:
        return None
    found = gains(situation.beliefs, pairs)
    best = int(np.argmax(found))
    return pairs[best][1] if short or found[best] >= worth else None
