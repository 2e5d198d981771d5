"""Making an announcement, the live messages it published, and the page that lists announcements."""

import re
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.core.mail_tasks import MAIL_DELAY
from hackathon.base.core.models import LiveMessage
from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE
from hackathon.day.announcements.models import Announcement
from hackathon.day.announcements.periodic import push_due_announcements
from hackathon.day.announcements.services import announcements
from hackathon.event.editions.models import Edition
from tests.conftest import NOON

LATER = NOON + timedelta(hours=1)
LIST = "/annonces/"


def announce(edition: Edition, by: User, body: str = "Salle 104", **given: Any) -> Announcement:
    """At NOON and to everyone, unless something else is given."""
    arguments = {
        "audience": EVERYONE,
        "audience_label": "Tout le monde",
        "at": NOON,
        **given,
    }
    return announcements.announce(edition=edition, body=body, by=by, **arguments)


def mails_leave(since: datetime = NOON, *, after: timedelta = MAIL_DELAY) -> None:
    """The periodic task, so long after the publication at `since`."""
    with time_machine.travel(since + after, tick=False):
        push_due_announcements()


def published() -> list[tuple[str, str]]:
    """The live messages so far: (audience, type)."""
    written = LiveMessage.objects.exclude(type=messages.DELETED)
    return [(audience, message.type) for message in written for audience in message.audience_names]


def page(browser: Client, at: Any = NOON) -> str:
    """The HTML of the list of announcements."""
    with time_machine.travel(at, tick=False):
        return browser.get(LIST).content.decode()


def unread_of(html: str) -> list[str]:
    """The stamps in the counter of announcements; empty without one."""
    found = re.search(r'data-count="announcements" data-unread="([^"]*)"', html)
    return found[1].split() if found else []
