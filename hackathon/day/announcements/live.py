from datetime import datetime
from typing import Any

from hackathon.base.core.formats import iso_utc
from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE, ORGANIZERS
from hackathon.day.announcements.models import Announcement
from hackathon.event.editions.live import publish


def announcement_published(announcement: Announcement, *, at: datetime) -> None:
    """Organizers receive it too, whatever its audience."""
    _publish(announcement, "announcement.published", _data(announcement), at=at)


def announcement_corrected(announcement: Announcement, *, at: datetime) -> None:
    """The messages with earlier texts are deleted."""
    _delete_earlier(announcement, at=at)
    _publish(announcement, "announcement.corrected", _data(announcement), at=at)


def announcement_withdrawn(announcement: Announcement, *, at: datetime) -> None:
    """The messages with the text are deleted."""
    _delete_earlier(announcement, at=at)
    _publish(announcement, "announcement.withdrawn", {"id": announcement.pk}, at=at)


def announcement_scheduled(announcement: Announcement, *, at: datetime) -> None:
    """Sent to the organizers, who alone see unpublished announcements."""
    publish(announcement.edition, ORGANIZERS, "announcement.scheduled", {}, at=at)


def _data(announcement: Announcement) -> dict[str, Any]:
    corrected_at = announcement.corrected_at
    return {
        "id": announcement.pk,
        "html": announcement.html,
        "label": announcement.audience_label,
        "audience": announcement.audience,
        "published_at": iso_utc(announcement.published_at),
        "pinned": announcement.pinned,
        "corrected_at": None if corrected_at is None else iso_utc(corrected_at),
        "stamp": announcement.stamp,
    }


def _publish(announcement: Announcement, kind: str, data: dict[str, Any], *, at: datetime) -> None:
    audiences = announcement.audiences
    if announcement.audience != EVERYONE:
        audiences.append(ORGANIZERS)
    publish(announcement.edition, audiences, kind, data, at=at)


def _delete_earlier(announcement: Announcement, *, at: datetime) -> None:
    for kind in ("announcement.published", "announcement.corrected"):
        messages.delete(kind, at=at, id=announcement.pk)
