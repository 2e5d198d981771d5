"""All services of organizers lock the edition."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import NotFound, check
from hackathon.day.stage.live import projector_changed
from hackathon.day.stage.models import Projector
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.passages import rules
from hackathon.extras.passages.enums import PassagePhase
from hackathon.extras.passages.models import Passage, PassagePlan
from hackathon.extras.passages.selectors import (
    PassageScreen,
    get_passage_on_stage,
    passage_plans,
    passage_screen,
)
from judging import live, locks
from judging.ceremony.selectors.state import CeremonyState
from judging.ceremony.services.screens import is_seen, running
from judging.ceremony.services.steps import keeping_step
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
    plans = passage_plans(state.ceremony.edition)
    check(rules.draw_refusal(step, state.ceremony, plans))
    plan = plans[step.department or 0]
    seed = department_digest(plan.department_id) if word else ""
    refusal = rules.order_refusal(
        plan, step.teams, teams=teams, word=word, seed=seed, reason=reason
    )
    check(refusal)
    plan.order, plan.word, plan.seed = list(teams), word, seed
    if word:
        names = dict(Team.objects.filter(pk__in=step.teams).values_list("name", "pk"))
        plan.order = [names[name] for name in rules.drawn_order(names, seed=seed, word=word)]
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
    plan = passage_plans(edition)[state.step.department or 0]
    _change(passage_screen(state, plan, at=at), pages, phase, changes, at=at)


@transaction.atomic
def turn_by_speaker(*, passage: Passage, pages: int, changes: int, at: datetime) -> None:
    """As `direct`. Raises `NotFound` if the passage is over."""
    screen = get_passage_on_stage(locks.edition(passage.ceremony.edition_id), at=at)
    if screen.passage != passage:
        raise NotFound
    _change(screen, pages, None, changes, at=at)


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


def begin(state: CeremonyState, number: int, *, at: datetime) -> None:
    """The screens will show step `number`. Passages behind it are taken back; one to which the
    ceremony returns goes on. The edition is locked.
    """
    shown = [str(step.teams[0]) for step in state.steps[: number + 1] if step.is_passage]
    passages = Passage.objects.filter(ceremony=state.ceremony)
    passages.exclude(team_key__in=shown).delete()
    if state.steps[number].is_passage:
        defaults = {"phase_at": at}
        passages.get_or_create(ceremony=state.ceremony, team_key=shown[-1], defaults=defaults)


@transaction.atomic
def copy(department_map: Mapping[int, Department]) -> None:
    """Without the order. `department_map`: by the ids of the source."""
    for plan in PassagePlan.objects.filter(department__in=department_map):
        PassagePlan.objects.create(
            department=department_map[plan.department_id],
            speaking_minutes=plan.speaking_minutes,
            questions_minutes=plan.questions_minutes,
        )


@transaction.atomic
def report_decks(
    *, projector: Projector, stored: int, wanted: int, is_muted: bool, at: datetime
) -> None:
    """By the page of the projector, every minute and when its film has no sound."""
    seen = {"decks_stored": stored, "decks_wanted": wanted, "is_muted": is_muted}
    has_news = any(getattr(projector, name) != value for name, value in seen.items())
    projector.decks_stored, projector.decks_wanted = stored, wanted
    projector.is_muted, projector.said_at = is_muted, at
    projector.save(update_fields=[*seen, "said_at"])
    if has_news:
        projector_changed(projector.edition, at=at)
