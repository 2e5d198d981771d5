from datetime import datetime

from django.db import transaction

from hackathon.base.core import journal
from hackathon.event.editions import live
from hackathon.event.editions.enums import Notice
from hackathon.event.editions.models import Edition
from hackathon.event.editions.notices import due_notices


def give_due(edition: Edition, *, at: datetime) -> list[Notice]:
    """Each notice is published once, however many processes call this."""
    due = due_notices(edition, at=at)
    if not edition.is_current or all(live.milestone_was_reached(edition, d) for d in due):
        return []
    return _give(edition, at=at)


@transaction.atomic
def _give(edition: Edition, *, at: datetime) -> list[Notice]:
    # Read again under the lock, in case the deadline has just moved.
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    reached = [
        due for due in due_notices(edition, at=at) if live.milestone_reached(edition, due, at=at)
    ]
    for due in reached:
        journal.record(
            "milestone.reached",
            edition,
            by=None,
            at=at,
            notice=due.notice.value,
            of=due.instant.isoformat(),
        )
    return [due.notice for due in reached]
