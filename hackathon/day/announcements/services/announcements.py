"""The row lock and `pushed_at` make sure that each announcement is pushed to open pages once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import check
from hackathon.base.core.mail_tasks import MAIL_DELAY
from hackathon.base.live.audiences import team_in
from hackathon.base.push.tasks import notify
from hackathon.day.announcements import live, rules, tasks
from hackathon.day.announcements.models import (
    SEVERAL_TEAMS,
    Announcement,
    AnnouncementReach,
    ReadMark,
)
from hackathon.day.announcements.services import mail
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for
from teams.models import Team

# By announcement id: when a page confirmed it, and the audiences of the page.
type Confirmations = Mapping[int, Collection[tuple[datetime, Collection[str]]]]


@transaction.atomic
def announce(
    *,
    edition: Edition,
    audience: str,
    audience_label: str,
    body: str,
    teams: Collection[Team] = (),
    pinned: bool = False,
    by_mail: bool = False,
    publish_at: datetime | None = None,
    by: User,
    at: datetime,
) -> Announcement:
    """The caller has resolved `audience` (of `live.audiences`, or `SEVERAL_TEAMS` with its
    `teams`) in the edition. Raises `Refused`.
    """
    edition = lock_for(by, edition.pk)
    _check_text(edition, audience, body, publish_at, teams=len(teams), at=at)
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
    announcement.teams.set(teams)
    if publish_at is None:
        _push(announcement, by=by, at=at)
    else:
        _record_unpublished("announcement.scheduled", announcement, by=by, at=at)
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
    """Only before publication. Without `publish_at` it is published now. Raises `Refused`."""
    announcement = _locked(announcement, by=by)
    check(rules.change_refusal(announcement, at=at))
    _check_text(announcement.edition, audience, body, publish_at, at=at)
    announcement.audience, announcement.audience_label = audience, audience_label
    announcement.body, announcement.pinned, announcement.by_mail = body.strip(), pinned, by_mail
    announcement.published_at = publish_at or at
    announcement.save()
    if publish_at is None:
        _push(announcement, by=by, at=at)
    else:
        _record_unpublished("announcement.changed", announcement, by=by, at=at)
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
    """A new text is unread again. With the same text only `pinned` changes. Raises `Refused`."""
    announcement = _locked(announcement, by=by)
    check(rules.correction_refusal(announcement, body, at=at))
    has_new_text = announcement.body != body.strip()
    if not has_new_text and announcement.pinned == pinned:
        return announcement
    announcement.pinned = pinned
    if has_new_text:
        _record("announcement.corrected", announcement, by=by, at=at, before=announcement.body)
        announcement.body = body.strip()
        announcement.revision += 1
        announcement.corrected_at = at
    else:
        _record("announcement.pinned", announcement, by=by, at=at, pinned=pinned)
    announcement.save()
    live.announcement_corrected(announcement, at=at)
    if has_new_text:
        enqueue(notify, "announcement", announcement.pk, announcement.revision)
    if has_new_text and (by_mail or announcement.mails_at is not None):
        _mail(announcement, at=at)  # in place of those that have not left
    return announcement


@transaction.atomic
def withdraw(*, announcement: Announcement, by: User, at: datetime) -> None:
    """E-mails that have not left never will. Raises `Refused`."""
    announcement = _locked(announcement, by=by)
    check(rules.withdrawal_refusal(announcement))
    pending = rules.announcement_is_pending(announcement, at=at)
    announcement.withdrawn_at = at
    announcement.save(update_fields=["withdrawn_at"])
    if pending:
        _record_unpublished("announcement.cancelled", announcement, by=by, at=at)
        return
    _record("announcement.withdrawn", announcement, by=by, at=at)
    live.announcement_withdrawn(announcement, at=at)


@transaction.atomic
def push_if_due(*, pk: int, at: datetime) -> bool:
    """Returns whether this call pushed the announcement."""
    rows = Announcement.objects.select_for_update(of=("self",)).select_related("edition")
    announcement = rows.filter(pk=pk).unpushed(at).first()
    if announcement is None:
        return False
    _push(announcement, by=None, at=at)
    return True


@transaction.atomic
def mail_if_due(*, pk: int, at: datetime) -> None:
    rows = Announcement.objects.select_for_update(no_key=True)
    if (announcement := rows.filter(pk=pk).mails_due(at).first()) is not None:
        announcement.mails_at = None
        announcement.save(update_fields=["mails_at"])
        tasks.enqueue_mails(pk, announcement.revision, mail.queued(announcement))


@transaction.atomic
def mark_read(*, user: User, stamps: Iterable[str]) -> None:
    """Idempotent, and not in the journal. A person has at most `READ_MARKS_MAX` marks, so that
    invented stamps cannot fill the disk.
    """
    room = max(0, rules.READ_MARKS_MAX - ReadMark.objects.filter(user=user).count())
    marks = [ReadMark(user=user, stamp=stamp) for stamp in sorted(set(stamps))[:room]]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True)


@transaction.atomic
def add_reach(*, process: str, confirmations: Confirmations) -> None:
    """Ignores pages outside of the audience. At most six statements per announcement."""
    pushed = Announcement.objects.filter(pk__in=list(confirmations), pushed_at__isnull=False)
    for announcement in pushed:
        pushed_at = announcement.pushed_at
        assert pushed_at is not None
        readers = set(announcement.audiences)
        own = [
            (at - pushed_at, team_in(audiences))
            for at, audiences in confirmations[announcement.pk]
            if not readers.isdisjoint(audiences)
        ]
        if not own:
            continue
        minute = sum(delay <= rules.COUNTED_FOR for delay, _team in own)
        soon = sum(delay <= rules.SOON for delay, _team in own)
        # Each process writes into its own row, and one thread at a time.
        row, _new = AnnouncementReach.objects.get_or_create(
            announcement=announcement, process=process
        )
        teams = {*row.teams, *(team for _delay, team in own if team is not None)}
        AnnouncementReach.objects.filter(pk=row.pk).update(
            in_five_seconds=F("in_five_seconds") + soon,
            in_a_minute=F("in_a_minute") + minute,
            teams=sorted(teams),
        )


def _locked(announcement: Announcement, *, by: User) -> Announcement:
    """Locks the edition, then the announcement. Raises `Refused`."""
    edition = lock_for(by, announcement.edition_id)
    locked = Announcement.objects.select_for_update().get(pk=announcement.pk)
    locked.edition = edition
    return locked


def _check_text(
    edition: Edition,
    audience: str,
    body: str,
    publish_at: datetime | None,
    *,
    teams: int = 0,
    at: datetime,
) -> None:
    departments = set(edition.departments.values_list("pk", flat=True))
    check(rules.announcement_refusal(audience, body, department_pks=departments, teams=teams))
    check(rules.scheduling_refusal(publish_at, at=at))


def _push(announcement: Announcement, *, by: User | None, at: datetime) -> None:
    detail: dict[str, Any] = {}
    if announcement.audience == SEVERAL_TEAMS:
        detail["teams"] = list(announcement.teams.values_list("pk", flat=True))
    _record("announcement.published", announcement, by=by, at=at, **detail)
    announcement.pushed_at = at
    announcement.save(update_fields=["pushed_at"])
    live.announcement_published(announcement, at=at)
    enqueue(notify, "announcement", announcement.pk, announcement.revision)
    if announcement.by_mail:
        _mail(announcement, at=at)


def _mail(announcement: Announcement, *, at: datetime) -> None:
    """They leave by `mail_if_due`."""
    announcement.mails_at = at + MAIL_DELAY
    announcement.save(update_fields=["mails_at"])
    mail.queue(announcement, at=at)


def _record_unpublished(act: str, announcement: Announcement, *, by: User, at: datetime) -> None:
    """Before the publication the journal contains neither text nor instant."""
    _record(act, announcement, by=by, at=at)
    live.announcement_scheduled(announcement, at=at)


def _record(
    act: str, announcement: Announcement, *, by: User | None, at: datetime, **detail: Any
) -> None:
    detail |= {"audience": announcement.audience, "to": announcement.audience_label}
    team = team_in([announcement.audience])
    journal.record(act, announcement, by=by, at=at, team=team, **detail)
