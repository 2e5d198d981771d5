"""Each e-mail has a row, written in the transaction that publishes the announcement. A worker
claims it in a transaction of its own before it sends, so that no lock is held meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.day.announcements import selectors
from hackathon.day.announcements.models import Announcement, AnnouncementMail

CLAIM_EXPIRES_AFTER = timedelta(minutes=15)  # the worker that claimed it must have crashed
# Queued or claimed for so long without being sent: a worker or the broker lost it.
FORGOTTEN_AFTER = CLAIM_EXPIRES_AFTER + timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=1)  # an announcement that is older is of no use


def find_current(announcement_pk: int, revision: int) -> Announcement | None:
    """None if it was corrected or withdrawn."""
    announcements = Announcement.objects.select_related("edition")
    return announcements.filter(
        pk=announcement_pk, revision=revision, pushed_at__isnull=False, withdrawn_at=None
    ).first()


def queue(announcement: Announcement, *, at: datetime) -> None:
    """In the transaction that publishes this revision."""
    # With an expired claim: any worker may claim it at once.
    rows = [
        AnnouncementMail(
            announcement=announcement,
            revision=announcement.revision,
            user_id=pk,
            claimed_at=at - CLAIM_EXPIRES_AFTER,
        )
        for pk in selectors.recipients_of(announcement).values_list("pk", flat=True)
    ]
    AnnouncementMail.objects.bulk_create(rows)


def queued(announcement: Announcement) -> list[int]:
    """Whom this revision is for."""
    mails = announcement.mails.filter(revision=announcement.revision, sent_at=None)
    return list(mails.order_by("pk").values_list("user", flat=True))


def forgotten(*, at: datetime) -> QuerySet[AnnouncementMail]:
    """Those of the last day that nothing will send. A task that failed has removed its rows: it
    tries again by itself, and is listed as failed in the end.
    """
    return AnnouncementMail.objects.filter(
        sent_at=None,
        claimed_at__range=(at - GIVEN_UP_AFTER, at - FORGOTTEN_AFTER),
        revision=F("announcement__revision"),
        announcement__withdrawn_at=None,
    )


def forgotten_by_announcement(*, at: datetime) -> Mapping[tuple[int, int], list[int]]:
    """By announcement and revision: the users."""
    by_announcement = defaultdict(list)
    columns = ("announcement", "revision", "user")
    for announcement, revision, user in forgotten(at=at).values_list(*columns).order_by("pk"):
        by_announcement[announcement, revision].append(user)
    return by_announcement


def recipients_left(announcement: Announcement, user_pks: Iterable[int]) -> list[User]:
    """Active users who have not been sent this revision."""
    sent = AnnouncementMail.objects.filter(
        announcement=announcement, revision=announcement.revision, sent_at__isnull=False
    )
    users = User.objects.filter(pk__in=list(user_pks), is_active=True).order_by("pk")
    return list(users.exclude(pk__in=sent.values("user")))


@transaction.atomic
def claim(announcement: Announcement, user: User, *, at: datetime) -> bool:
    """Returns whether the caller must send the e-mail now. Locks the announcement: nothing is
    claimed after the commit that withdraws or corrects it.
    """
    locked = Announcement.objects.select_for_update(no_key=True).filter(pk=announcement.pk)
    if locked.filter(revision=announcement.revision, withdrawn_at=None).first() is None:
        return False
    __, is_new = AnnouncementMail.objects.get_or_create(
        announcement=announcement,
        revision=announcement.revision,
        user=user,
        defaults={"claimed_at": at},
    )
    if is_new:
        return True
    expired = _mails(announcement, [user]).filter(
        sent_at=None, claimed_at__lte=at - CLAIM_EXPIRES_AFTER
    )
    return bool(expired.update(claimed_at=at))


@transaction.atomic
def mark_sent(announcement: Announcement, user: User, *, at: datetime) -> None:
    _mails(announcement, [user]).update(sent_at=at)


@transaction.atomic
def release(
    announcement: Announcement, user: User, others: Iterable[User] = (), *, at: datetime
) -> None:
    """The task that failed tries again, or an organizer does. `user`: whose e-mail the caller has
    claimed. `others`: for them too, unless another worker has claimed theirs.
    """
    unclaimed = Q(claimed_at__lte=at - CLAIM_EXPIRES_AFTER)
    mails = _mails(announcement, [user, *others]).filter(sent_at=None)
    mails.filter(Q(user=user) | unclaimed).delete()


def _mails(announcement: Announcement, users: Iterable[User]) -> QuerySet[AnnouncementMail]:
    return AnnouncementMail.objects.filter(
        announcement=announcement, revision=announcement.revision, user__in=list(users)
    )
