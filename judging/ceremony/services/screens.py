"""What the screens of the ceremony show, step by step.

Who drives it presses at a step: the change is made only if that step is still on. So a double tap,
a second remote or a request that comes late never skips one.
"""

from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import check
from hackathon.editions.models import Edition
from hackathon.editions.selectors import is_organizer
from judging import live, locks
from judging.ceremony import rules
from judging.ceremony import steps as pure
from judging.ceremony.selectors.screens import Show, show_of
from judging.deliberation.selectors.publication import ceremony_has_begun, publication_states
from judging.models import Ceremony


@transaction.atomic
def start(*, edition: Edition, rehearsal: bool, by: User, at: datetime) -> Ceremony:
    """Begin with the opening: for real once every jury has locked, or a rehearsal at any time.

    A rehearsal that is on gives way; a real ceremony has to be ended first.
    """
    edition = locks.edition(edition.pk)
    states = publication_states(edition)
    check(
        rules.ceremony_start_refusal(
            organizer=is_organizer(by, edition),
            rehearsal=rehearsal,
            running=ceremony_has_begun(edition),
            departments=[state.department for state in states],
            still_open=[state.department for state in states if state.deliberation is None],
        )
    )
    begun = {"step": 0, "is_blank": False, "is_rehearsal": rehearsal}
    ceremony, _made = Ceremony.objects.update_or_create(
        edition=edition, defaults={**begun, "moved_at": at, "moved_by": by}
    )
    journal.record("ceremony.started", ceremony, by=by, at=at, rehearsal=rehearsal)
    live.ceremony_moved(edition, at=at)
    return ceremony


@transaction.atomic
def move(
    *, edition: Edition, steps: int, seen: int, rehearsal: bool, by: User, at: datetime
) -> Ceremony:
    """Go `steps` on or back from step `seen`, if that one is on in this kind of ceremony; else
    nothing happens. What was blank is not any more.
    """
    show = _driven(edition, by)
    ceremony = show.ceremony
    if not _is_seen(ceremony, seen, rehearsal):
        return ceremony
    step = pure.moved(show.steps, seen, steps)
    return _put(ceremony, step=step, is_blank=False, by=by, at=at)


@transaction.atomic
def blank(
    *, edition: Edition, is_blank: bool, seen: int, rehearsal: bool, by: User, at: datetime
) -> Ceremony:
    """Darken every screen, or show the step again. The same guard as `move`."""
    ceremony = _driven(edition, by).ceremony
    if not _is_seen(ceremony, seen, rehearsal):
        return ceremony
    return _put(ceremony, step=ceremony.step, is_blank=is_blank, by=by, at=at)


@transaction.atomic
def end(*, edition: Edition, rehearsal: bool, by: User, at: datetime) -> None:
    """Take it off the screens, which wait again, or once the results are published keep all who
    won. Nothing happens if another kind is on.
    """
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


def _driven(edition: Edition, by: User) -> Show:
    edition = locks.edition(edition.pk)
    show = show_of(edition)
    check(
        rules.ceremony_refusal(
            organizer=is_organizer(by, edition),
            running=show is not None,
            outdated=show is not None and show.outdated,
        )
    )
    assert show is not None
    return show


def _is_seen(ceremony: Ceremony, seen: int, rehearsal: bool) -> bool:
    return ceremony.step == seen and ceremony.is_rehearsal == rehearsal


def _put(ceremony: Ceremony, *, step: int, is_blank: bool, by: User, at: datetime) -> Ceremony:
    if (ceremony.step, ceremony.is_blank) == (step, is_blank):
        return ceremony
    ceremony.step, ceremony.is_blank = step, is_blank
    ceremony.moved_at, ceremony.moved_by = at, by
    ceremony.save(update_fields=["step", "is_blank", "moved_at", "moved_by"])
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
