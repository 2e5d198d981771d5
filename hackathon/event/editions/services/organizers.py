from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.accounts.selectors import find_by_email
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, refuse
from hackathon.base.live.messages import refresh_rights
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for


@transaction.atomic
def add(*, edition: Edition, email: str, by: User, at: datetime) -> User:
    """Only a person with an account: a mistyped address must not become an organizer later."""
    edition = lock_for(by, edition.pk)
    user = find_by_email(email)
    if user is None:
        raise Refused(refuse(EditionRefusal.ACCOUNT_UNKNOWN, email=email.strip()))
    edition.organizers.add(user)
    journal.record("organizer.added", edition, by=by, at=at, user=user.pk)
    refresh_rights(user.pk)
    return user


@transaction.atomic
def remove(*, edition: Edition, user: User, by: User, at: datetime) -> None:
    edition = lock_for(by, edition.pk)
    if not edition.organizers.exclude(pk=user.pk).exists():
        raise Refused(refuse(EditionRefusal.LAST_ORGANIZER))
    edition.organizers.remove(user)
    journal.record("organizer.removed", edition, by=by, at=at, user=user.pk)
    refresh_rights(user.pk)
