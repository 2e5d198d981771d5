"""Telling everybody how near the deadline is."""

from datetime import datetime

from django.db import transaction

from hackathon.core import journal
from hackathon.editions import live
from hackathon.editions.enums import Notice
from hackathon.editions.models import Edition
from hackathon.editions.notices import due_notices


def give_due(edition: Edition, *, at: datetime) -> list[Notice]:
    """Give the notices of the edition that are due at `at` and were not given; which ones.

    Each once, however many processes ask. Only of the edition that is shown.
    """
    if not edition.is_current or all(
        live.was_noticed(edition, due) for due in due_notices(edition, at=at)
    ):
        return []
    return _give(edition, at=at)


@transaction.atomic
def _give(edition: Edition, *, at: datetime) -> list[Notice]:
    # As it is now: nobody is to hear that it is over when the deadline has just moved.
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    given = [due for due in due_notices(edition, at=at) if live.tell_notice(edition, due, at=at)]
    for due in given:
        journal.record(
            "milestone.reached",
            edition,
            by=None,
            at=at,
            notice=due.notice.value,
            of=due.of.isoformat(),
        )
    return [due.notice for due in given]
