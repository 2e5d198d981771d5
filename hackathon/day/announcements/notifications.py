from datetime import timedelta
from html import unescape

from django.urls import reverse
from django.utils.html import strip_tags

from hackathon.base.push.registry import Notification, source
from hackathon.day.announcements import selectors
from hackathon.day.announcements.services import mail

NEWS = timedelta(hours=4)


@source("announcement")
def announcement(pk: int, revision: int) -> Notification | None:
    """None before the announcement is published."""
    current = mail.find_current(pk, revision)
    if current is None or current.pushed_at is None:
        return None
    at = current.corrected_at or current.pushed_at
    return Notification(
        key=f"announcement:{current.stamp}",
        title=f"{current.label} · {current.edition.name}",
        body=" ".join(unescape(strip_tags(current.html)).split()),
        path=reverse("announcements:list"),
        at=at,
        until=at + NEWS,
        users=selectors.recipients_of(current),
    )
