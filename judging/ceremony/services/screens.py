"""All services lock the edition. They do nothing if `seen` is not the number of the current step,
so that a double tap, a second remote or a delayed request never skips a step.
"""

from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import is_organizer
from judging import live, locks
from judging.ceremony import rules
from judging.ceremony.selectors.state import CeremonyState, ceremony_state
from judging.ceremony.steps import moved_number
from judging.deliberation.selectors.publication import ceremony_has_begun, publication_states
from judging.models import Ceremony


@transaction.atomic
def start(*, edition: Edition, rehearsal: bool, by: User, at: datetime) -> Ceremony:
    """Replaces a running rehearsal. Every jury must have locked its decision, or its nominees if it
    hears them first, except for a rehearsal, and but those that are held back.
    """
    edition = locks.edition(edition.pk)
    states = [each for each in publication_states(edition) if not each.department.held_back_at]
    check(
        rules.ceremony_start_refusal(
            organizer=is_organizer(by, edition),
            rehearsal=rehearsal,
            running=ceremony_has_begun(edition),
            departments=[state.department for state in states],
            still_open=[state.department for state in states if not state.is_nominated],
        )
    )
    opening = {"step": 0, "is_blank": False, "is_rehearsal": rehearsal, "resumed_at": None}
    ceremony, _created = Ceremony.objects.update_or_create(
        edition=edition, defaults={**opening, "moved_at": at, "moved_by": by}
    )
    if state := ceremony_state(edition):
        for addition in state.additions:
            addition.moved(state, 0, by=by, at=at)
    journal.record("ceremony.started", ceremony, by=by, at=at, rehearsal=rehearsal)
    live.ceremony_moved(edition, at=at)
    return ceremony


@transaction.atomic
def move(
    *, edition: Edition, steps: int, seen: int, rehearsal: bool, by: User, at: datetime
) -> Ceremony:
    state = running(edition, by)
    ceremony = state.ceremony
    if not is_seen(ceremony, seen, rehearsal):
        return ceremony
    check(rules.pause_refusal(state.waits_for, onwards=steps > 0))
    step = moved_number(state.steps, seen, steps)
    for addition in state.additions:
        if steps > 0 and not rehearsal:
            check(addition.refusal(state.steps[step]))
        addition.moved(state, step, by=by, at=at)
    if state.is_behind_pause(step) and ceremony.resumed_at is None:
        ceremony.resumed_at = at
    return _save(ceremony, step=step, is_blank=False, by=by, at=at)


@transaction.atomic
def blank(
    *, edition: Edition, is_blank: bool, seen: int, rehearsal: bool, by: User, at: datetime
) -> Ceremony:
    ceremony = running(edition, by).ceremony
    if not is_seen(ceremony, seen, rehearsal):
        return ceremony
    return _save(ceremony, step=ceremony.step, is_blank=is_blank, by=by, at=at)


@transaction.atomic
def end(*, edition: Edition, rehearsal: bool, by: User, at: datetime) -> None:
    """After the publication the screens then show the finale."""
    edition = locks.edition(edition.pk)
    ceremony = Ceremony.objects.filter(edition=edition).first()
    organizer = is_organizer(by, edition)
    check(rules.ceremony_refusal(organizer=organizer, running=ceremony is not None, outdated=False))
    if ceremony is None or ceremony.is_rehearsal != rehearsal:
        return
    journal.record(
        "ceremony.ended", ceremony, by=by, at=at, rehearsal=rehearsal, edition=edition.pk
    )
    ceremony.delete()
    live.ceremony_moved(edition, at=at)


def running(edition: Edition, by: User) -> CeremonyState:
    """Locks the edition. Raises `Refused`."""
    edition = locks.edition(edition.pk)
    state = ceremony_state(edition)
    check(
        rules.ceremony_refusal(
            organizer=is_organizer(by, edition),
            running=state is not None,
            outdated=state is not None and state.outdated,
        )
    )
    assert state is not None
    return state


def is_seen(ceremony: Ceremony, seen: int, rehearsal: bool) -> bool:
    return ceremony.step == seen and ceremony.is_rehearsal == rehearsal


def _save(ceremony: Ceremony, *, step: int, is_blank: bool, by: User, at: datetime) -> Ceremony:
    if (ceremony.step, ceremony.is_blank) == (step, is_blank):
        return ceremony
    ceremony.step, ceremony.is_blank = step, is_blank
    ceremony.moved_at, ceremony.moved_by = at, by
    ceremony.save(update_fields=["step", "is_blank", "moved_at", "moved_by", "resumed_at"])
    journal.record(
        "ceremony.moved",
        ceremony,
        by=by,
        at=at,
        step=step,
        blank=is_blank,
        rehearsal=ceremony.is_rehearsal,
    )
    live.ceremony_moved(ceremony.edition, at=at)
    return ceremony
