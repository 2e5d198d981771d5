from datetime import datetime

from hackathon.core.errors import Refusal, refuse
from hackathon.editions.errors import EditionRefusal
from submissions.errors import DepositRefusal
from submissions.models import Deliverable


def deliverable_refusal(
    deliverable: Deliverable | None, *, kind: str, has_submissions: bool, organizer: bool
) -> Refusal | None:
    """`deliverable` is None for a new one; `kind` is the kind to be saved."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if deliverable is not None and has_submissions and deliverable.kind != kind:
        return refuse(DepositRefusal.HAS_SUBMISSIONS)
    return None


def instants_refusal(opens_at: datetime | None, due_at: datetime | None) -> Refusal | None:
    """None: the edition's."""
    if opens_at is not None and due_at is not None and opens_at >= due_at:
        return refuse(DepositRefusal.OPENS_AFTER_DUE)
    return None


def deck_refusal(other: Deliverable | None) -> Refusal | None:
    """`other`: what the department shows on the stage already."""
    return refuse(DepositRefusal.OTHER_DECK, name=other.name) if other else None


def delete_refusal(*, has_submissions: bool, organizer: bool) -> Refusal | None:
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    return refuse(DepositRefusal.HAS_SUBMISSIONS) if has_submissions else None
