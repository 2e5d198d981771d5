from datetime import datetime

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.models import Department
from hackathon.event.editions.rules import results_are_public
from hackathon.extras.letters.enums import SHARED, Kind
from hackathon.extras.letters.errors import LetterRefusal
from hackathon.extras.letters.models import Remark
from judging.errors import JudgingRefusal
from judging.scoring.changes import Change


def remark_refusal(change: Change, *, is_edited: bool) -> Refusal | None:
    """`is_edited`: by the president."""
    if change.kind == Kind.SHARE:  # may be taken back at any time
        known = change.value in (SHARED, "")
        return None if known else refuse(JudgingRefusal.CHANGE_UNREADABLE)
    chars, most = len(change.value), Remark.CHARACTERS
    if chars > most:
        criterion = change.criterion.name if change.criterion else ""
        return refuse(LetterRefusal.TOO_LONG, criterion=criterion, chars=chars, most=most)
    return refuse(LetterRefusal.EDITED) if is_edited else None


def letters_refusal(department: Department, *, president: bool, at: datetime) -> Refusal | None:
    """Of asking for sentences, and of editing them. The lock changes nothing."""
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    return refuse(LetterRefusal.OUT) if results_are_public(department, at=at) else None
