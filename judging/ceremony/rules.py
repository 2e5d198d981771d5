from collections.abc import Iterable, Sequence
from datetime import datetime

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department
from judging.errors import JudgingRefusal


def publication_refusal(
    *,
    organizer: bool,
    departments: Sequence[Department],
    still_open: Sequence[Department],
    unfinished: bool = False,
) -> Refusal | None:
    """`departments` are those with teams. `unfinished`: a real ceremony has steps left."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if not departments:
        return refuse(JudgingRefusal.NO_SHEETS)
    if still_open:
        names = ", ".join(department.name for department in still_open)
        return refuse(JudgingRefusal.DELIBERATIONS_OPEN, departments=names)
    return refuse(JudgingRefusal.CEREMONY_UNFINISHED) if unfinished else None


def ceremony_start_refusal(
    *,
    organizer: bool,
    rehearsal: bool,
    running: bool,
    departments: Sequence[Department],
    still_open: Sequence[Department],
) -> Refusal | None:
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if running:
        return refuse(JudgingRefusal.CEREMONY_RUNNING)
    if rehearsal:
        return None
    return publication_refusal(organizer=organizer, departments=departments, still_open=still_open)


def ceremony_refusal(*, organizer: bool, running: bool, outdated: bool) -> Refusal | None:
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if not running:
        return refuse(JudgingRefusal.NO_CEREMONY)
    return refuse(JudgingRefusal.CEREMONY_OUTDATED) if outdated else None


def pause_refusal(waits_for: Sequence[str], *, onwards: bool) -> Refusal | None:
    """Of leaving the pause. `waits_for`: names of the departments whose jury has not decided."""
    if not onwards or not waits_for:
        return None
    return refuse(JudgingRefusal.JURIES_DELIBERATE, departments=", ".join(waits_for))


def ceremony_is_outdated(
    moved_at: datetime, locked: Iterable[datetime | None], *, rehearsal: bool
) -> bool:
    """Only the step's number is stored: after a changed decision it would mean another step."""
    return not rehearsal and any(at is None or at > moved_at for at in locked)


def message_refusal(*, shown: bool) -> Refusal | None:
    """`shown`: the message that is moved or deleted is on the screens."""
    return refuse(JudgingRefusal.MESSAGE_SHOWN) if shown else None
