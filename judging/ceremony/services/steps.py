"""For changes to the steps of a ceremony that runs. The edition is locked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime

from hackathon.base.core.errors import Refused
from hackathon.event.editions.models import Edition
from judging import live
from judging.ceremony import rules
from judging.ceremony.selectors.decisions import LAST
from judging.ceremony.selectors.state import CeremonyState, ceremony_state
from judging.ceremony.steps import Step, pause_number
from judging.models import Ceremony


@contextmanager
def keeping_step(edition: Edition, *, or_before: bool = False, at: datetime) -> Iterator[None]:
    """Their numbers change: a running ceremony stays at its step. If there is no such step any
    more, it goes back to the last one before it that is left, or raises `Refused`.
    """
    before = ceremony_state(edition)
    if before is None:
        yield
        return
    step = before.step  # additions read now what their steps depend on
    yield
    earlier = before.shown_steps if or_before else [step]
    _go_back_to(earlier, before, edition, at=at)


def keep_step(edition: Edition, *, extras: list[str], at: datetime) -> None:
    """Like `keeping_step`, after other `extras` than before were switched on."""
    former = copy(edition)
    former.extras = extras
    if before := ceremony_state(former):
        _go_back_to([before.step], before, edition, at=at)


def _go_back_to(
    steps: Sequence[Step], before: CeremonyState, edition: Edition, *, at: datetime
) -> None:
    """To the last of these steps that there still is."""
    row = Ceremony.objects.filter(pk=before.ceremony.pk)
    is_behind = not before.outdated and before.is_behind_pause(before.ceremony.step)
    if is_behind:
        row.update(step=LAST)  # else only the steps up to the pause were there
    after = ceremony_state(edition)
    if after is not None and not before.outdated and not after.outdated:
        row.update(step=_number_of(steps, after, is_behind=is_behind))
    live.ceremony_moved(edition, at=at)


def _number_of(steps: Sequence[Step], state: CeremonyState, *, is_behind: bool) -> int:
    """A department in two acts has its title before the pause and behind it (`is_behind`)."""
    first = (pause_number(state.steps) or 0) + 1 if is_behind else 0
    left = [step for step in steps if step in state.steps[first:]]
    refusal = rules.message_refusal(shown=not left)
    if refusal:
        raise Refused(refusal)
    return state.steps.index(left[-1], first)
