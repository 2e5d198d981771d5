"""Notifications to devices. Each app registers its sources in its module `notifications`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from hackathon.base.accounts.models import User


@dataclass(frozen=True)
class Notification:
    """In the active language.

    `key`: what a device gets once, and shows once if an open page shows it too. `at`: devices that
    subscribed later don't get it. After `until` it isn't sent. `users` is read when it is sent: who
    has left a team is not among them.
    """

    key: str
    title: str
    body: str
    path: str
    at: datetime
    until: datetime
    users: QuerySet[User]


type Source = Callable[..., Notification | None]

sources: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """The function gets primary keys, and returns None if nothing must be sent any more."""

    def add(function: Source) -> Source:
        sources[name] = function
        return function

    return add


def load(name: str, arguments: list[Any]) -> Notification | None:
    return sources[name](*arguments)
