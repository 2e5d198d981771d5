from datetime import timedelta
from html import unescape

from django.urls import reverse
from django.utils.html import strip_tags

from hackathon.announcements import selectors
from hackathon.announcements.services import mail
from hackathon.push.registry import Notification, source

NEWS = timedelta(hours=4)


@source("announcement")
def announcement(pk: int, revision: int) -> Notification | None:
    """None before the announcement is published."""
    found = mail.find_current(pk, revision)
    if found is None or found.pushed_at is None:
        return None
    at = found.corrected_at or found.pushed_at
    return Notification(
        key=f"announcement:{found.stamp}",
        title=f"{found.label} · {found.edition.name}",
        body=" ".join(unescape(strip_tags(found.html)).split()),
        path=reverse("announcements:list"),
        at=at,
        until=at + NEWS,
        users=selectors.recipients_of(found),
    )
