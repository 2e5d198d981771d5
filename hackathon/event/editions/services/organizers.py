from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.accounts.selectors import find_by_email
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, refuse
from hackathon.base.live.messages import refresh_rights
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Colleague, Edition
from hackathon.event.editions.services.guard import lock_for


@transaction.atomic
def add(
    *,
    edition: Edition,
    email: str,
    role: ColleagueRole | None = None,
    by: User,
    at: datetime,
) -> User:
    """Only a person with an account: a mistyped address must not become an organizer later. With a
    `role` they have this instead of everything; a new one replaces the former.
    """
    edition = lock_for(by, edition.pk)
    user = find_by_email(email)
    if user is None:
        raise Refused(refuse(EditionRefusal.ACCOUNT_UNKNOWN, email=email.strip()))
    if role is None:
        edition.colleagues.filter(user=user).delete()
        edition.organizers.add(user)
        journal.record("organizer.added", edition, by=by, at=at, user=user.pk)
    else:
        _take_away(edition, user)
        Colleague.objects.create(edition=edition, user=user, role=role)
        journal.record("colleague.added", edition, by=by, at=at, user=user.pk, role=str(role))
    refresh_rights(user.pk)
    return user


@transaction.atomic
def remove(*, edition: Edition, user: User, by: User, at: datetime) -> None:
    """Or a colleague with another role."""
    edition = lock_for(by, edition.pk)
    _take_away(edition, user)
    journal.record("organizer.removed", edition, by=by, at=at, user=user.pk)
    refresh_rights(user.pk)


def _take_away(edition: Edition, user: User) -> None:
    if set(edition.organizers.values_list("pk", flat=True)) == {user.pk}:
        raise Refused(refuse(EditionRefusal.LAST_ORGANIZER))
    edition.organizers.remove(user)
    edition.colleagues.filter(user=user).delete()
