from collections.abc import Iterable
from datetime import datetime, timedelta

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.live.audiences import EVERYONE
from hackathon.day.announcements.errors import AnnouncementRefusal
from hackathon.day.announcements.models import ANNOUNCEMENT_MAX_CHARS, SEVERAL_TEAMS, Announcement

# Confirmations of open pages have two counters: within SOON, and within COUNTED_FOR.
SOON = timedelta(seconds=5)
COUNTED_FOR = timedelta(minutes=1)
READ_MARKS_MAX = 5000  # of one person


def announcement_refusal(
    audience: str, body: str, *, department_pks: Iterable[int], teams: int = 0
) -> Refusal | None:
    """`audience`: of `live.audiences`, or `SEVERAL_TEAMS` with the number of `teams`. Does not
    check that its team exists.
    """
    if audience == SEVERAL_TEAMS:
        return _text_refusal(body) if teams else refuse(AnnouncementRefusal.NO_TEAM)
    kind, __, pk = audience.partition(":")
    is_audience = audience == EVERYONE or (
        pk.isdecimal()
        and len(pk) < 19
        and (kind == "team" or (kind == "department" and int(pk) in department_pks))
    )
    if not is_audience:
        return refuse(AnnouncementRefusal.AUDIENCE_UNKNOWN)
    return _text_refusal(body)


def scheduling_refusal(publish_at: datetime | None, *, at: datetime) -> Refusal | None:
    """None publishes at once."""
    if publish_at is not None and publish_at <= at:
        return refuse(AnnouncementRefusal.PAST)
    return None


def announcement_is_pending(announcement: Announcement, *, at: datetime) -> bool:
    """Whether only organizers can have read it. After the push the clock no longer matters."""
    return announcement.pushed_at is None and announcement.published_at > at


def change_refusal(announcement: Announcement, *, at: datetime) -> Refusal | None:
    if announcement.withdrawn_at is not None:
        return refuse(AnnouncementRefusal.WITHDRAWN)
    if not announcement_is_pending(announcement, at=at):
        return refuse(AnnouncementRefusal.OUT)
    return None


def correction_refusal(announcement: Announcement, body: str, *, at: datetime) -> Refusal | None:
    if announcement.withdrawn_at is not None:
        return refuse(AnnouncementRefusal.WITHDRAWN)
    if announcement_is_pending(announcement, at=at):
        return refuse(AnnouncementRefusal.NOT_OUT)
    return _text_refusal(body)


def withdrawal_refusal(announcement: Announcement) -> Refusal | None:
    if announcement.withdrawn_at is not None:
        return refuse(AnnouncementRefusal.WITHDRAWN)
    return None


def _text_refusal(body: str) -> Refusal | None:
    if not body.strip():
        return refuse(AnnouncementRefusal.EMPTY)
    if len(body) > ANNOUNCEMENT_MAX_CHARS:
        return refuse(AnnouncementRefusal.TOO_LONG, max=ANNOUNCEMENT_MAX_CHARS)
    return None
