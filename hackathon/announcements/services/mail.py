"""A claim is committed before the e-mail is sent, so that no lock is held meanwhile."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from hackathon.accounts.models import User
from hackathon.announcements.models import Announcement, AnnouncementMail

CLAIM_EXPIRES_AFTER = timedelta(minutes=15)  # the worker that claimed it must have crashed


def find_current(announcement_pk: int, revision: int) -> Announcement | None:
    """None if it was corrected or withdrawn."""
    announcements = Announcement.objects.select_related("edition")
    return announcements.filter(
        pk=announcement_pk, revision=revision, pushed_at__isnull=False, withdrawn_at=None
    ).first()


def recipients_left(announcement: Announcement, user_pks: Iterable[int]) -> list[User]:
    """Active users who have not been sent this revision."""
    sent = AnnouncementMail.objects.filter(
        announcement=announcement, revision=announcement.revision, sent_at__isnull=False
    )
    users = User.objects.filter(pk__in=list(user_pks), is_active=True).order_by("pk")
    return list(users.exclude(pk__in=sent.values("user")))


@transaction.atomic
def claim(announcement: Announcement, user: User, *, at: datetime) -> bool:
    """Returns whether the caller must send the e-mail now."""
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
