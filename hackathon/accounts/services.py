"""Verbs of accounts that are not allauth's."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.live import refresh_rights


@transaction.atomic
def rename(user: User, name: str, *, by: User, at: datetime) -> User:
    """Change the name others see. The name itself stays out of the journal."""
    user.name = " ".join(name.split())
    user.save(update_fields=["name"])
    journal.record("user.renamed", user, by=by, at=at)
    return user


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User, at: datetime) -> None:
    """End all sessions of this person, on every device, and what their open pages hear."""
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    refresh_rights(user.pk)
    journal.record("user.signed_out", user, by=by, at=at)
