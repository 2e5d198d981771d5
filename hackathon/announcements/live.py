"""What pages are told about an edition. Nothing here is secret: everyone may hear it.

Pages show the current edition, so changes of another one are not told: a draft of next year must
not move tonight's clocks.
"""

from datetime import datetime
from typing import Any

from hackathon.announcements.models import Announcement
from hackathon.core import live
from hackathon.core.formats import iso_utc


def tell_announced(announcement: Announcement, *, at: datetime) -> None:
    """`announcement.published` to its audience, and to the organizers, who hear all of them."""
    _tell_of(announcement, "announcement.published", _announced(announcement), at=at)


def tell_corrected(announcement: Announcement, *, at: datetime) -> None:
    """`announcement.corrected`, with all that it says now. Who has not heard of it yet hears of no
    earlier wording.
    """
    _forget_told(announcement, at=at)
    _tell_of(announcement, "announcement.corrected", _announced(announcement), at=at)


def tell_withdrawn(announcement: Announcement, *, at: datetime) -> None:
    """`announcement.withdrawn`; what was told before is not told again to whoever resumes."""
    _forget_told(announcement, at=at)
    _tell_of(announcement, "announcement.withdrawn", {"id": announcement.pk}, at=at)


def tell_pending_changed(announcement: Announcement, *, at: datetime) -> None:
    """A hint to the organizers' pages: what waits for its instant has changed."""
    if announcement.edition.is_current:
        live.publish(live.ORGANIZERS, "announcement.scheduled", {}, at=at)


def _announced(announcement: Announcement) -> dict[str, Any]:
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


def _tell_of(announcement: Announcement, kind: str, data: dict[str, Any], *, at: datetime) -> None:
    if not announcement.edition.is_current:
        return
    audiences = [announcement.audience]
    if announcement.audience != live.EVERYONE:
        audiences.append(live.ORGANIZERS)
    live.publish(audiences, kind, data, at=at)


def _forget_told(announcement: Announcement, *, at: datetime) -> None:
    for kind in ("announcement.published", "announcement.corrected"):
        live.delete(kind, at=at, id=announcement.pk)
