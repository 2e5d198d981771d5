"""All services lock the edition."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import NotFound, Refused, check
from hackathon.editions.models import Department, Edition
from hackathon.editions.services.guard import lock_for
from judging import live, locks
from judging.ceremony import rules
from judging.ceremony.draw import drawn_order
from judging.ceremony.selectors.decisions import LAST
from judging.ceremony.selectors.passages import PassageScreen
from judging.ceremony.selectors.screens import passage_screen
from judging.ceremony.selectors.speakers import get_passage_on_stage
from judging.ceremony.selectors.state import CeremonyState, ceremony_state
from judging.ceremony.services.screens import is_seen, running
from judging.ceremony.steps import Step, pause_number
from judging.enums import PassagePhase
from judging.models import Ceremony, Passage, PassagePlan
from submissions.seals.selectors import department_digest
from teams.models import Team

PAGES_MAX = 999  # of a deck whose pages are not known


@transaction.atomic
def save_plan(
    *,
    department: Department,
    is_on: bool,
    speaking_minutes: int = 3,
    questions_minutes: int = 2,
    by: User,
    at: datetime,
) -> None:
    """Raises `Refused`."""
    edition = lock_for(by, department.edition_id)
    minutes = {"speaking_minutes": speaking_minutes, "questions_minutes": questions_minutes}
    with keeping_step(edition, at=at):
        if is_on:
            PassagePlan.objects.update_or_create(department=department, defaults=minutes)
        else:
            PassagePlan.objects.filter(department=department).delete()
    act = "passages.planned" if is_on else "passages.dropped"
    journal.record(act, department, by=by, at=at, **(minutes if is_on else {}))


@transaction.atomic
def set_order(
    *,
    edition: Edition,
    word: str = "",
    teams: Sequence[int] = (),
    reason: str = "",
    seen: int,
    by: User,
    at: datetime,
) -> None:
    """Drawn in public with the `word`; without one `teams` have the order that they were put in.
    Does nothing if `seen` is not the number of the current step. Raises `Refused`.
    """
    state = running(edition, by)
    step = state.step
    if state.ceremony.step != seen:
        return
    check(rules.draw_refusal(step, state.ceremony, state.plans))
    plan = state.plans[step.department or 0]
    seed = department_digest(plan.department_id) if word else ""
    refusal = rules.order_refusal(
        plan, step.teams, teams=teams, word=word, seed=seed, reason=reason
    )
    check(refusal)
    plan.order, plan.word, plan.seed = list(teams), word, seed
    if word:
        names = dict(Team.objects.filter(pk__in=step.teams).values_list("name", "pk"))
        plan.order = [names[name] for name in drawn_order(names, seed=seed, word=word)]
    plan.save(update_fields=["order", "seed", "word"])
    said = {"digest": seed, "word": word} if word else {}
    act = "passages.drawn" if word else "passages.ordered"
    journal.record(act, plan.department, by=by, at=at, reason=reason or "—", **said)
    live.ceremony_moved(state.ceremony.edition, at=at)


@transaction.atomic
def direct(
    *,
    edition: Edition,
    pages: int = 0,
    phase: PassagePhase | None = None,
    changes: int,
    seen: int,
    rehearsal: bool,
    by: User,
    at: datetime,
) -> None:
    """Turn `pages` of the deck, or begin the time of a `phase`, also if it is the same one again.
    Does nothing if the passage has changed since `changes`. Raises `Refused`.
    """
    state = running(edition, by)
    if not is_seen(state.ceremony, seen, rehearsal):
        return
    check(rules.passage_refusal(state.step))
    screen = passage_screen(state, at=at)
    assert screen is not None
    _change(screen, pages, phase, changes, at=at)


@transaction.atomic
def turn_by_speaker(*, passage: Passage, pages: int, changes: int, at: datetime) -> None:
    """As `direct`. Raises `NotFound` if the passage is over."""
    screen = get_passage_on_stage(locks.edition(passage.ceremony.edition_id), at=at)
    if screen.passage != passage:
        raise NotFound
    _change(screen, pages, None, changes, at=at)


@contextmanager
def keeping_step(edition: Edition, *, at: datetime) -> Iterator[None]:
    """For changes to the steps, whose numbers change: a running ceremony stays at its step. Raises
    `Refused` if there is no such step any more. The edition is locked.
    """
    before = ceremony_state(edition)
    if before is None:
        yield
        return
    step = before.step  # additions read now what their steps depend on
    yield
    _go_back_to(step, before, edition, at=at)


def keep_step(edition: Edition, *, extras: list[str], at: datetime) -> None:
    """Like `keeping_step`, after other `extras` than before were switched on."""
    former = copy(edition)
    former.extras = extras
    if before := ceremony_state(former):
        _go_back_to(before.step, before, edition, at=at)


def _go_back_to(step: Step, before: CeremonyState, edition: Edition, *, at: datetime) -> None:
    row = Ceremony.objects.filter(pk=before.ceremony.pk)
    is_behind = not before.outdated and before.is_behind_pause(before.ceremony.step)
    if is_behind:
        row.update(step=LAST)  # else only the steps up to the pause were there
    after = ceremony_state(edition)
    if not before.outdated and after is not None:
        row.update(step=_number_of(step, after, is_behind=is_behind))
    live.ceremony_moved(edition, at=at)


def _number_of(step: Step, state: CeremonyState, *, is_behind: bool) -> int:
    """A department in two acts has its title before the pause and behind it (`is_behind`)."""
    first = (pause_number(state.steps) or 0) + 1 if is_behind else 0
    refusal = rules.message_refusal(shown=step not in state.steps[first:])
    if refusal:
        raise Refused(refusal)
    return state.steps.index(step, first)


def _change(
    screen: PassageScreen, pages: int, phase: PassagePhase | None, changes: int, *, at: datetime
) -> None:
    passage = screen.passage
    page = min(max(passage.page + pages, 1), screen.deck.pages or PAGES_MAX)
    if passage.changes != changes or (phase is None and page == passage.page):
        return
    if phase is not None:
        passage.phase, passage.phase_at = phase, at
    passage.page = page
    passage.changes += 1
    passage.save()
    live.ceremony_moved(passage.ceremony.edition, at=at)
