"""Verbs of accounts that are not allauth's."""

from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal


@transaction.atomic
def rename(user: User, name: str, *, by: User, at: datetime) -> User:
    """Change the name others see. The name itself stays out of the journal."""
    user.name = " ".join(name.split())
    user.save(update_fields=["name"])
    journal.record("user.renamed", user, by=by, at=at)
    return user
