from collections.abc import Iterable, Sequence
from datetime import datetime

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department
from hackathon.event.editions.rules import results_are_public
from judging.enums import PublicationAct
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


def act_on(department: Department, *, at: datetime) -> PublicationAct | None:
    """What an organizer can do about its results alone; None: they are public."""
    if department.held_back_at is None:
        return None if results_are_public(department, at=at) else PublicationAct.HOLD_BACK
    published = results_are_public(department.edition, at=at)
    return PublicationAct.PUBLISH if published else PublicationAct.TAKE_BACK


def held_back_refusal(*, as_seen: bool) -> Refusal | None:
    """`as_seen`: the page that asked for the act showed what is so now."""
    return None if as_seen else refuse(JudgingRefusal.PUBLICATION_CHANGED)


def holding_back_refusal(
    department: Department, *, published: bool, decided: bool, others: int
) -> Refusal | None:
    """`others`: departments whose results would still be published."""
    if refusal := held_back_refusal(as_seen=not published):
        return refusal
    if decided:
        return refuse(JudgingRefusal.HELD_BACK_DECIDED, department=department.name)
    return None if others else refuse(JudgingRefusal.HELD_BACK_ALL, department=department.name)


def taking_back_refusal(*, published: bool, ceremony_begun: bool) -> Refusal | None:
    if refusal := held_back_refusal(as_seen=not published):
        return refusal
    return refuse(JudgingRefusal.CEREMONY_RUNNING) if ceremony_begun else None


def late_publication_refusal(
    department: Department, *, published: bool, decided: bool
) -> Refusal | None:
    """`published`: the results of the others."""
    if refusal := held_back_refusal(as_seen=published):
        return refusal
    if decided:
        return None
    return refuse(JudgingRefusal.DELIBERATIONS_OPEN, departments=department.name)


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
