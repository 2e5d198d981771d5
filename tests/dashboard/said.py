"""Announcements to test with: how one is made, what was told of it, and the list of them."""

from datetime import timedelta
from typing import Any

import time_machine
from django.test import Client

from hackathon.accounts.models import User
from hackathon.announcements.models import Announcement
from hackathon.announcements.services import announcements
from hackathon.core import live
from hackathon.core.models import LiveMessage
from hackathon.editions.models import Edition
from tests.conftest import NOON

LATER = NOON + timedelta(hours=1)
LIST = "/annonces/"


def announce(edition: Edition, by: User, body: str = "Salle 104", **given: Any) -> Announcement:
    """To everyone unless something else is given."""
    said = {"audience": live.EVERYONE, "audience_label": "Tout le monde", "at": NOON, **given}
    return announcements.announce(edition=edition, body=body, by=by, **said)


def told() -> list[tuple[str, str]]:
    """The live messages so far: (audience, type)."""
    said = LiveMessage.objects.exclude(type=live.FORGOTTEN)
    return [(audience, message.type) for message in said for audience in message.heard_by]


def page(browser: Client, at: Any = NOON) -> str:
    """The list of announcements."""
    with time_machine.travel(at, tick=False):
        return browser.get(LIST).content.decode()
