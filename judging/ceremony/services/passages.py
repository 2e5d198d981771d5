"""All services lock the edition."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

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
from judging.ceremony.selectors.decks import deck_of
from judging.ceremony.selectors.screens import CeremonyState, ceremony_state
from judging.ceremony.services.screens import is_seen, running
from judging.ceremony.steps import Key, Step, pause_number
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
def draw(
    *, edition: Edition, word: str, reason: str = "", seen: int, by: User, at: datetime
) -> None:
    """Does nothing if `seen` is not the number of the current step. Raises `Refused`."""
    state = running(edition, by)
    if state.ceremony.step != seen:
        return
    plan = _plan_to_order(state, reason)
    seed = department_digest(plan.department_id)
    check(rules.seed_refusal(seed))
    nominees = Team.objects.filter(pk__in=state.step.teams)
    teams = {team.name: team.pk for team in nominees}
    order = [teams[name] for name in drawn_order(teams, seed=seed, word=word)]
    _save_order(state, plan, order, seed=seed, word=word, reason=reason, by=by, at=at)


@transaction.atomic
def set_order(
    *,
    edition: Edition,
    teams: Sequence[int],
    reason: str = "",
    seen: int,
    by: User,
    at: datetime,
) -> None:
    """As `draw`, by hand."""
    state = running(edition, by)
    if state.ceremony.step != seen:
        return
    plan = _plan_to_order(state, reason)
    check(rules.order_refusal(teams, state.step.teams))
    _save_order(state, plan, teams, seed="", word="", reason=reason, by=by, at=at)


@transaction.atomic
def turn(
    *,
    edition: Edition,
    pages: int,
    changes: int,
    seen: int,
    rehearsal: bool,
    by: User,
    at: datetime,
) -> None:
    """Turn pages of the deck. Does nothing if the passage has changed since `changes`."""
    state = running(edition, by)
    if is_seen(state.ceremony, seen, rehearsal):
        _turn(state, _passage_now(state), pages, changes, at=at)


@transaction.atomic
def turn_by_speaker(*, passage: Passage, pages: int, changes: int, at: datetime) -> None:
    """Raises `NotFound` if the passage is over."""
    ceremony = Ceremony.objects.filter(pk=passage.ceremony_id).first()
    state = ceremony_state(locks.edition(ceremony.edition_id)) if ceremony else None
    if state is None or state.outdated or not state.step.is_passage:
        raise NotFound
    current = _passage_now(state)
    if current.pk != passage.pk:
        raise NotFound
    _turn(state, current, pages, changes, at=at)


@transaction.atomic
def begin_phase(
    *,
    edition: Edition,
    phase: PassagePhase,
    changes: int,
    seen: int,
    rehearsal: bool,
    by: User,
    at: datetime,
) -> None:
    """Its time begins, also if it is the same phase again."""
    state = running(edition, by)
    if not is_seen(state.ceremony, seen, rehearsal):
        return
    passage = _passage_now(state)
    if passage.changes == changes:
        _change(passage, state, phase=phase, phase_at=at, at=at)


@contextmanager
def keeping_step(edition: Edition, *, at: datetime) -> Iterator[None]:
    """For changes to the steps, whose numbers change: a running ceremony stays at its step. Raises
    `Refused` if there is no such step any more. The edition is locked.
    """
    before = ceremony_state(edition)
    yield
    if before is None:
        return
    row = Ceremony.objects.filter(pk=before.ceremony.pk)
    is_behind = not before.outdated and before.is_behind_pause(before.ceremony.step)
    if is_behind:
        row.update(step=LAST)  # else only the steps up to the pause were there
    after = ceremony_state(edition)
    if not before.outdated and after is not None:
        row.update(step=_number_of(before.step, after, is_behind=is_behind))
    live.ceremony_moved(edition, at=at)


def _number_of(step: Step, state: CeremonyState, *, is_behind: bool) -> int:
    """A department in two acts has its title before the pause and behind it (`is_behind`)."""
    first = (pause_number(state.steps) or 0) + 1 if is_behind else 0
    refusal = rules.message_refusal(shown=step not in state.steps[first:])
    if refusal:
        raise Refused(refusal)
    return state.steps.index(step, first)


def _plan_to_order(state: CeremonyState, reason: str) -> PassagePlan:
    step = state.step
    check(rules.draw_refusal(step, state.ceremony, state.plans))
    plan = state.plans[step.department or 0]
    check(rules.new_order_refusal(drawn=bool(plan.seed), reason=reason))
    return plan


def _save_order(
    state: CeremonyState,
    plan: PassagePlan,
    order: Sequence[Key],
    *,
    seed: str,
    word: str,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    plan.order, plan.seed, plan.word = list(order), seed, word
    plan.save(update_fields=["order", "seed", "word"])
    act = "passages.drawn" if seed else "passages.ordered"
    said = {"reason": reason or "—", **({"digest": seed, "word": word} if seed else {})}
    journal.record(act, plan.department, by=by, at=at, **said)
    live.ceremony_moved(state.ceremony.edition, at=at)


def _passage_now(state: CeremonyState) -> Passage:
    """Of the current step. Raises `Refused`."""
    check(rules.passage_refusal(state.step))
    key = str(state.step.teams[0])
    passage, _is_new = state.ceremony.passages.get_or_create(
        team_key=key, defaults={"phase_at": state.ceremony.moved_at}
    )
    return passage


def _turn(
    state: CeremonyState, passage: Passage, pages: int, changes: int, *, at: datetime
) -> None:
    last = PAGES_MAX
    if not state.ceremony.is_rehearsal:
        team = Team.objects.select_related("edition").get(pk=passage.team_key)
        last = deck_of(team, at=at).pages or PAGES_MAX
    page = min(max(passage.page + pages, 1), last)
    if passage.changes == changes and page != passage.page:
        _change(passage, state, page=page, at=at)


def _change(passage: Passage, state: CeremonyState, *, at: datetime, **values: Any) -> None:
    for name, value in values.items():
        setattr(passage, name, value)
    passage.changes += 1
    passage.save(update_fields=[*values, "changes"])
    live.ceremony_moved(state.ceremony.edition, at=at)
