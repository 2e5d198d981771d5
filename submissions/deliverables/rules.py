from datetime import datetime
from typing import NamedTuple

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import day_and_time, results_are_public
from submissions.errors import DepositRefusal
from submissions.models import Deliverable


class Instants(NamedTuple):
    """None: the edition's."""

    opens_at: datetime | None
    due_at: datetime | None
    has_grace: bool


def instants_of(deliverable: Deliverable) -> Instants:
    return Instants(deliverable.opens_at, deliverable.due_at, deliverable.has_grace)


def deliverable_refusal(
    deliverable: Deliverable | None, *, kind: str, has_submissions: bool, organizer: bool
) -> Refusal | None:
    """`deliverable` is None for a new one; `kind` is the kind to be saved."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if deliverable is not None and has_submissions and deliverable.kind != kind:
        return refuse(DepositRefusal.HAS_SUBMISSIONS)
    return None


def moves_deadline(before: Deliverable | None, due_at: datetime | None) -> bool:
    """Typed instants have whole seconds: a lost fraction of a second is no move."""
    former = before.due_at if before else None
    if former is None or due_at is None:
        return former != due_at
    return former.replace(microsecond=0) != due_at.replace(microsecond=0)


def instants_refusal(
    edition: Edition, before: Deliverable | None, after: Instants, *, name: str, at: datetime
) -> Refusal | None:
    """`before`: None for a new deliverable, of which nothing was received."""
    if after.opens_at and after.due_at and after.opens_at >= after.due_at:
        return refuse(DepositRefusal.OPENS_AFTER_DUE)
    # Punctuality must not change once the results are published.
    if before is not None and instants_of(before) != after and results_are_public(edition, at=at):
        return refuse(EditionRefusal.RESULTS_PUBLISHED)
    if after.due_at and after.due_at <= at and moves_deadline(before, after.due_at):
        due = day_and_time(after.due_at, edition)
        return refuse(DepositRefusal.DUE_IS_PAST, name=name, due=due)
    return None


def deck_refusal(other: Deliverable | None) -> Refusal | None:
    """`other`: what the department shows on the stage already."""
    return refuse(DepositRefusal.OTHER_DECK, name=other.name) if other else None


def delete_refusal(*, has_submissions: bool, organizer: bool) -> Refusal | None:
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    return refuse(DepositRefusal.HAS_SUBMISSIONS) if has_submissions else None
