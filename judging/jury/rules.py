from dataclasses import dataclass
from datetime import datetime

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department
from hackathon.event.editions.rules import day_and_time, results_are_public
from judging.errors import JudgingRefusal
from judging.models import Juror


@dataclass(frozen=True)
class Stage:
    """How far a jury has decided. `hears`: its nominees are locked, in the first of two acts."""

    is_open_to_sign: bool = False
    hears: bool = False
    is_decided: bool = False

    @property
    def is_locked(self) -> bool:
        """No mark of the night changes any more."""
        return self.hears or self.is_decided


def jury_is_closed(department: Department, *, locked: bool, at: datetime) -> bool:
    """Then nothing of the jury may change."""
    return locked or results_are_public(department, at=at)


def open_refusal(department: Department, *, locked: bool, at: datetime) -> Refusal | None:
    edition = department.edition
    if at < edition.judging_opens_at:
        return refuse(
            JudgingRefusal.JUDGING_NOT_OPEN, opens=day_and_time(edition.judging_opens_at, edition)
        )
    if jury_is_closed(department, locked=locked, at=at):
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    return None


def change_refusal(*, organizer: bool, closed: bool) -> Refusal | None:
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    return refuse(JudgingRefusal.DELIBERATION_LOCKED) if closed else None


def may_read_decision(juror: Juror, *, locked: bool, at: datetime) -> bool:
    """Also the minutes, with all marks by name. Until the publication the edition says whether it
    is the whole jury, to which the client belongs, or the president alone.
    """
    if juror.is_president:
        return True
    department = juror.department
    shares = department.edition.jury_reads_decision
    return locked and (shares or results_are_public(department, at=at))
