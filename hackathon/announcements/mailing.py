"""The copies of an announcement by mail: who has theirs, and who is writing whose.

A copy is claimed before it leaves, in a transaction of its own: no lock is held while a mail server
answers, and two workers never send the same one. A claim that is as old as `ABANDONED` and was not
followed by a mail belongs to a worker that died, and may be taken over.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from hackathon.accounts.models import User
from hackathon.announcements.models import Announcement, AnnouncementMail

ABANDONED = timedelta(minutes=15)


def current(announcement_pk: int, revision: int) -> Announcement | None:
    """The announcement, if it still says what it said in this revision."""
    found = Announcement.objects.select_related("edition")
    return found.filter(
        pk=announcement_pk, revision=revision, told_at__isnull=False, withdrawn_at=None
    ).first()


def waiting(announcement: Announcement, user_pks: Iterable[int]) -> list[User]:
    """Those of them who have no copy of this wording yet, and an account that is open."""
    have = AnnouncementMail.objects.filter(
        announcement=announcement, revision=announcement.revision, sent_at__isnull=False
    )
    people = User.objects.filter(pk__in=list(user_pks), is_active=True).order_by("pk")
    return list(people.exclude(pk__in=have.values("user")))


@transaction.atomic
def claim(announcement: Announcement, user: User, *, at: datetime) -> bool:
    """Whether the caller, and nobody else, now sends this person's copy."""
    __, is_new = AnnouncementMail.objects.get_or_create(
        announcement=announcement,
        revision=announcement.revision,
        user=user,
        defaults={"claimed_at": at},
    )
    if is_new:
        return True
    abandoned = _copy(announcement, user).filter(sent_at=None, claimed_at__lte=at - ABANDONED)
    return bool(abandoned.update(claimed_at=at))


@transaction.atomic
def note_sent(announcement: Announcement, user: User, *, at: datetime) -> None:
    """This person's copy has left."""
    _copy(announcement, user).update(sent_at=at)


@transaction.atomic
def give_back(announcement: Announcement, user: User) -> None:
    """It could not be sent: whoever tries next may claim it."""
    _copy(announcement, user).filter(sent_at=None).delete()


def _copy(announcement: Announcement, user: User) -> QuerySet[AnnouncementMail]:
    return AnnouncementMail.objects.filter(
        announcement=announcement, revision=announcement.revision, user=user
    )
