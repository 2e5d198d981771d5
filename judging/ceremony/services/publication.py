from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services import editions
from judging import live, locks
from judging.ceremony import rules
from judging.ceremony.selectors.screens import ceremony_is_unfinished
from judging.deliberation.selectors.publication import publication_states


@transaction.atomic
def publish(*, edition: Edition, by: User, at: datetime) -> Edition:
    """Locks the edition. Idempotent."""
    locked = locks.edition(edition.pk)
    states = publication_states(locked)
    check(
        rules.publication_refusal(
            organizer=is_organizer(by, locked),
            departments=[state.department for state in states],
            still_open=[state.department for state in states if state.deliberation is None],
            unfinished=ceremony_is_unfinished(locked),
        )
    )
    if results_are_public(locked, at=at):
        return locked
    published = editions.publish_results(edition=locked, by=by, at=at)
    live.results_published(at=at)
    return published
