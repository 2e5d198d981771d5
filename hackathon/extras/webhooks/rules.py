from collections.abc import Callable
from datetime import datetime, timedelta

import httpx

from hackathon.base.core.errors import Refusal, refuse
from hackathon.extras.webhooks.errors import WebhookRefusal

# Before each further attempt; after the last one the message is given up.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
)
# After a failure one message at a time is tried, and the others wait for so long: an attempt may
# take twenty seconds of one of the two processes that also send receipts.
REST = timedelta(minutes=1)
# A webhook to which nothing has arrived for so long is disabled.
PATIENCE = timedelta(hours=12)
LOG_KEPT = timedelta(days=30)
WEBHOOKS_MAX = 20


def url_refusal(url: str, *, is_public: Callable[[str], bool]) -> Refusal | None:
    """`is_public` judges an address in figures. Names are judged when they are connected to."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return refuse(WebhookRefusal.ADDRESS)
    if parts.scheme != "https" or not parts.host or parts.port or parts.userinfo:
        return refuse(WebhookRefusal.ADDRESS)
    try:
        public = is_public(parts.host.strip("[]"))
    except ValueError:  # a name
        public = "." in parts.host
    return None if public else refuse(WebhookRefusal.ADDRESS)


def next_attempt(attempts: int, *, at: datetime) -> datetime | None:
    """After so many attempts; None: no more."""
    return at + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def must_be_disabled(failing_since: datetime | None, *, at: datetime) -> bool:
    return failing_since is not None and at - failing_since >= PATIENCE


def plain(text: str) -> str:
    """In a chat: names and texts of people mention nobody (`@all`, `<!channel>`) and hide no
    links behind words.
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("@", "@\N{ZERO WIDTH SPACE}").replace("](", "]\N{ZERO WIDTH SPACE}(")
