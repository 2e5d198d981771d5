"""Who has received the e-mail of an announcement.

Each e-mail is claimed and committed before it is sent: no lock is held while the mail server
answers, and two workers never send the same one. A claim that is older than `CLAIM_EXPIRES_AFTER`
and has no `sent_at` belongs to a worker that crashed: another worker may claim it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from hackathon.accounts.models import User
from hackathon.announcements.models import Announcement, AnnouncementMail

CLAIM_EXPIRES_AFTER = timedelta(minutes=15)


def find_current(announcement_pk: int, revision: int) -> Announcement | None:
    """The announcement, if this is still its revision and it is not withdrawn."""
    found = Announcement.objects.select_related("edition")
    return found.filter(
        pk=announcement_pk, revision=revision, pushed_at__isnull=False, withdrawn_at=None
    ).first()


def recipients_left(announcement: Announcement, user_pks: Iterable[int]) -> list[User]:
    """The active users among these who have not been sent this revision."""
    sent = AnnouncementMail.objects.filter(
        announcement=announcement, revision=announcement.revision, sent_at__isnull=False
    )
    users = User.objects.filter(pk__in=list(user_pks), is_active=True).order_by("pk")
    return list(users.exclude(pk__in=sent.values("user")))


@transaction.atomic
def claim(announcement: Announcement, user: User, *, at: datetime) -> bool:
    """Whether the caller, and no other worker, is to send this e-mail now."""
    __, is_new = AnnouncementMail.objects.get_or_create(
        announcement=announcement,
        revision=announcement.revision,
        user=user,
        defaults={"claimed_at": at},
    )
    if is_new:
        return True
    expired = _mail(announcement, user).filter(
        sent_at=None, claimed_at__lte=at - CLAIM_EXPIRES_AFTER
    )
    return bool(expired.update(claimed_at=at))


@transaction.atomic
def mark_sent(announcement: Announcement, user: User, *, at: datetime) -> None:
    _mail(announcement, user).update(sent_at=at)


@transaction.atomic
def release(announcement: Announcement, user: User) -> None:
    _mail(announcement, user).filter(sent_at=None).delete()


def _mail(announcement: Announcement, user: User) -> QuerySet[AnnouncementMail]:
    return AnnouncementMail.objects.filter(
        announcement=announcement, revision=announcement.revision, user=user
    )
