"""All services lock the edition, and are idempotent."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services import editions
from hackathon.event.editions.services.guard import lock_for
from judging import live, locks
from judging.ceremony import rules
from judging.ceremony.selectors.results import held_back_in
from judging.ceremony.selectors.screens import ceremony_is_unfinished
from judging.ceremony.services.steps import keeping_step
from judging.deliberation.selectors.publication import (
    all_decided,
    ceremony_has_begun,
    publication_states,
)
from judging.enums import PublicationAct
from judging.jury.selectors import is_decided


@transaction.atomic
def publish(
    *, edition: Edition, without: Collection[str] | None = None, by: User, at: datetime
) -> Edition:
    """All departments but those that are held back. `without`: the codes of these, as the page
    showed them; None: it showed none.
    """
    locked = locks.edition(edition.pk)
    due = [state for state in publication_states(locked) if not state.department.held_back_at]
    check(
        rules.publication_refusal(
            organizer=is_organizer(by, locked),
            departments=[state.department for state in due],
            still_open=[state.department for state in due if state.deliberation is None],
            unfinished=ceremony_is_unfinished(locked),
        )
    )
    if results_are_public(locked, at=at):
        return locked
    held_back = {department.code for department in held_back_in(locked)}
    check(rules.held_back_refusal(as_seen=without is None or set(without) == held_back))
    published = editions.publish_results(edition=locked, by=by, at=at)
    live.results_published(at=at)
    return published


@transaction.atomic
def hold_back(*, department: Department, by: User, at: datetime) -> None:
    """Its results are not published with the others: its jury has not decided. A ceremony leaves it
    out; if the screens show it, they go back to the step before.
    """
    edition = lock_for(by, department.edition_id)
    others = [
        state
        for state in publication_states(edition)
        if state.department != department and not state.department.held_back_at
    ]
    check(
        rules.holding_back_refusal(
            department,
            published=results_are_public(edition, at=at),
            decided=is_decided(department),
            others=len(others),
        )
    )
    with keeping_step(edition, or_before=True, at=at):
        if not _set(department, held_back_at=at):
            return
    journal.record("results.held_back", department, by=by, at=at)
    live.jury_changed(department, at=at)
    if all_decided(edition):
        editions.mark_deliberated(edition=edition, at=at)


@transaction.atomic
def take_back(*, department: Department, by: User, at: datetime) -> None:
    """Its results are published with the others again."""
    edition = lock_for(by, department.edition_id)
    check(
        rules.taking_back_refusal(
            published=results_are_public(edition, at=at),
            ceremony_begun=ceremony_has_begun(edition),
        )
    )
    with keeping_step(edition, at=at):
        if not _set(department, held_back_at=None):
            return
    journal.record("results.taken_back", department, by=by, at=at)
    live.jury_changed(department, at=at)
    if not all_decided(edition):
        editions.mark_judging(edition=edition, at=at)


@transaction.atomic
def publish_department(*, department: Department, by: User, at: datetime) -> None:
    """After the others, once its jury has decided."""
    edition = lock_for(by, department.edition_id)
    check(
        rules.late_publication_refusal(
            department,
            published=results_are_public(edition, at=at),
            decided=is_decided(department),
        )
    )
    with keeping_step(edition, at=at):
        if not _set(department, held_back_at=None):
            return
    journal.record("results.published_later", department, by=by, at=at)
    live.results_published(department, at=at)


ACTS = {
    PublicationAct.HOLD_BACK: hold_back,
    PublicationAct.TAKE_BACK: take_back,
    PublicationAct.PUBLISH: publish_department,
}


def _set(department: Department, *, held_back_at: datetime | None) -> bool:
    """Whether this changes anything."""
    rows = Department.objects.filter(
        pk=department.pk, held_back_at__isnull=held_back_at is not None
    )
    return bool(rows.update(held_back_at=held_back_at))
