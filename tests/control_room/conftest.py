from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.day.announcements.models import Announcement
from hackathon.event.editions.models import Edition
from tests.conftest import NOON

type SignIn = Callable[[User], Client]
PUBLIC = ["home", "site:facade", "stage:projector", "stage:scene"]


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def organizer(client_of, eve) -> Client:
    return client_of(eve)


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def announce(edition: Edition, by: User, audience: str, body: str) -> None:
    Announcement.objects.create(
        edition=edition,
        audience=audience,
        audience_label="label",
        body=body,
        published_at=NOON,
        published_by=by,
    )
