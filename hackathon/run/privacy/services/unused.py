"""Erasure of accounts that belong to no edition and were unused for a year, after a warning."""

from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.run.privacy import selectors
from hackathon.run.privacy.rules import UNUSED, WARNING
from hackathon.run.privacy.services import erasure

BATCH = 50  # accounts per run, which bounds the mails of the first run on an old site


def close_unused(*, at: datetime) -> list[int]:
    """Returns the accounts that must get a warning by mail now."""
    unused = selectors.unused_accounts(since=at - UNUSED + WARNING)
    User.objects.filter(closing_at__isnull=False, deleted_at=None).exclude(
        pk__in=unused.values("pk")
    ).update(closing_at=None)  # the account was used again
    for user in unused.filter(closing_at__lte=at)[:BATCH]:
        _close(user.pk, at=at)
    return [user.pk for user in unused.filter(closing_at=None)[:BATCH] if _warn(user.pk, at=at)]


@transaction.atomic
def _warn(pk: int, *, at: datetime) -> bool:
    """Locks the account: of two workers at once one gets True."""
    user = User.objects.select_for_update(no_key=True).get(pk=pk)
    if user.closing_at is not None or user.deleted_at is not None:
        return False
    user.closing_at = at + WARNING
    user.save(update_fields=["closing_at"])
    return True


@transaction.atomic
def _close(pk: int, *, at: datetime) -> None:
    """A person who signs in meanwhile keeps their account."""
    user = User.objects.select_for_update(no_key=True).get(pk=pk)
    unused = selectors.unused_accounts(since=at - UNUSED + WARNING)
    if not unused.filter(pk=pk, closing_at__lte=at).exists():
        return
    erasure.erase(user, at=at)
    journal.record("account.expired", user, by=None, at=at)
