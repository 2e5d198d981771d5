"""Announcements: said at once or at an instant, corrected or withdrawn afterwards.

An announcement is there for its audience from `published_at` on, by the clock. That open pages are
told, and mail leaves, is `tell`: at once, or by the periodic task that finds it untold; its row's
lock and `told_at` make that happen once, whatever number of processes tries.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from hackathon.accounts.models import User
from hackathon.announcements import live, rules, tasks
from hackathon.announcements.models import Announcement, AnnouncementReach, ReadMark
from hackathon.core import journal
from hackathon.core.background import enqueue
from hackathon.core.errors import check
from hackathon.editions.models import Edition
from hackathon.editions.services.guard import lock_for

# Who says so: the instant, and the audiences that page belongs to.
type Heard = Mapping[int, Collection[tuple[datetime, Collection[str]]]]


@transaction.atomic
def announce(
    *,
    edition: Edition,
    audience: str,
    audience_label: str,
    body: str,
    pinned: bool = False,
    by_mail: bool = False,
    publish_at: datetime | None = None,
    by: User,
    at: datetime,
) -> Announcement:
    """Tell `audience` (a name of `core.live`; the caller has resolved it within the edition), at
    once or at `publish_at`.
    """
    edition = lock_for(by, edition.pk)
    _check_text(edition, audience, body, publish_at, at=at)
    announcement = Announcement.objects.create(
        edition=edition,
        audience=audience,
        audience_label=audience_label,
        body=body.strip(),
        pinned=pinned,
        by_mail=by_mail,
        published_at=publish_at or at,
        published_by=by,
    )
    if publish_at is None:
        journal.record("announcement.published", announcement, by=by, at=at, audience=audience)
        _tell(announcement, at=at)
    else:
        _record_pending("announcement.scheduled", announcement, by=by, at=at)
    return announcement


@transaction.atomic
def change(
    *,
    announcement: Announcement,
    audience: str,
    audience_label: str,
    body: str,
    pinned: bool,
    by_mail: bool,
    publish_at: datetime | None,
    by: User,
    at: datetime,
) -> Announcement:
    """Write anew what is not out yet. Without `publish_at` it goes out now."""
    announcement = _locked(announcement, by=by)
    check(rules.change_refusal(announcement, at=at))
    _check_text(announcement.edition, audience, body, publish_at, at=at)
    announcement.audience, announcement.audience_label = audience, audience_label
    announcement.body, announcement.pinned, announcement.by_mail = body.strip(), pinned, by_mail
    announcement.published_at = publish_at or at
    announcement.save()
    if publish_at is None:
        journal.record("announcement.published", announcement, by=by, at=at, audience=audience)
        _tell(announcement, at=at)
    else:
        _record_pending("announcement.changed", announcement, by=by, at=at)
    return announcement


@transaction.atomic
def correct(
    *,
    announcement: Announcement,
    body: str,
    pinned: bool,
    by_mail: bool = False,
    by: User,
    at: datetime,
) -> Announcement:
    """Put another text in the place of one that people may have read. It says that it was
    corrected and counts as unread again; `by_mail` sends the new text as well.

    With the same text only `pinned` changes, and nobody is disturbed.
    """
    announcement = _locked(announcement, by=by)
    check(rules.correction_refusal(announcement, body, at=at))
    reworded = announcement.body != body.strip()
    if not reworded and announcement.pinned == pinned:
        return announcement
    announcement.pinned = pinned
    if reworded:
        journal.record(
            "announcement.corrected", announcement, by=by, at=at, before=announcement.body
        )
        announcement.body = body.strip()
        announcement.revision += 1
        announcement.corrected_at = at
    else:
        journal.record("announcement.pinned", announcement, by=by, at=at, pinned=pinned)
    announcement.save()
    live.tell_corrected(announcement, at=at)
    if reworded and by_mail:
        enqueue(tasks.mail_announcement, announcement.pk, announcement.revision)
    return announcement


@transaction.atomic
def withdraw(*, announcement: Announcement, by: User, at: datetime) -> None:
    """Take an announcement back: before its instant it never appears, afterwards it disappears from
    every page. What was mailed is out.
    """
    announcement = _locked(announcement, by=by)
    check(rules.withdrawal_refusal(announcement))
    pending = rules.announcement_is_pending(announcement, at=at)
    announcement.withdrawn_at = at
    announcement.save(update_fields=["withdrawn_at"])
    if pending:
        _record_pending("announcement.cancelled", announcement, by=by, at=at)
        return
    journal.record(
        "announcement.withdrawn", announcement, by=by, at=at, audience=announcement.audience
    )
    live.tell_withdrawn(announcement, at=at)


@transaction.atomic
def tell(*, pk: int, at: datetime) -> Announcement | None:
    """Tell open pages of an announcement whose instant has come; once, whoever else tries. None if
    there is nothing to tell (any more).
    """
    found = Announcement.objects.select_for_update(of=("self",)).select_related("edition")
    announcement = found.filter(pk=pk).untold(at).first()
    if announcement is None:
        return None
    journal.record(
        "announcement.published", announcement, by=None, at=at, audience=announcement.audience
    )
    _tell(announcement, at=at)
    return announcement


@transaction.atomic
def mark_read(*, user: User, stamps: Iterable[str]) -> None:
    """Note that `user` has read these texts. Twice does no harm; it is not journalled."""
    marks = [ReadMark(user=user, stamp=stamp) for stamp in set(stamps)]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True)


@transaction.atomic
def count_reach(*, process: str, heard: Heard) -> None:
    """Add what the pages of one process said to have received. A page outside the audience (an
    organizer hears everything) does not count, and none a minute after the telling.
    """
    told = Announcement.objects.filter(pk__in=list(heard), told_at__isnull=False)
    for announcement in told:
        told_at = announcement.told_at
        assert told_at is not None
        delays = [
            at - told_at for at, mine in heard[announcement.pk] if announcement.audience in mine
        ]
        minute = sum(delay <= rules.COUNTED_FOR for delay in delays)
        if not minute:
            continue
        soon = sum(delay <= rules.SOON for delay in delays)
        AnnouncementReach.objects.get_or_create(announcement=announcement, process=process)
        AnnouncementReach.objects.filter(announcement=announcement, process=process).update(
            in_five_seconds=F("in_five_seconds") + soon, in_a_minute=F("in_a_minute") + minute
        )


def _locked(announcement: Announcement, *, by: User) -> Announcement:
    """The announcement as it is now, locked after its edition, for an organizer of that."""
    edition = lock_for(by, announcement.edition_id)
    found = Announcement.objects.select_for_update().get(pk=announcement.pk)
    found.edition = edition
    return found


def _check_text(
    edition: Edition, audience: str, body: str, publish_at: datetime | None, *, at: datetime
) -> None:
    departments = set(edition.departments.values_list("pk", flat=True))
    check(rules.announcement_refusal(audience, body, department_pks=departments))
    check(rules.scheduling_refusal(publish_at, at=at))


def _tell(announcement: Announcement, *, at: datetime) -> None:
    announcement.told_at = at
    announcement.save(update_fields=["told_at"])
    live.tell_announced(announcement, at=at)
    if announcement.by_mail:
        enqueue(tasks.mail_announcement, announcement.pk, announcement.revision)


def _record_pending(act: str, announcement: Announcement, *, by: User, at: datetime) -> None:
    """What happens before the instant: the journal has neither text nor instant, pages of the
    organizers are told that there is something to fetch.
    """
    journal.record(act, announcement, by=by, at=at, audience=announcement.audience)
    live.tell_pending_changed(announcement, at=at)
