from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from judging.models import Award, Deliberation
from teams.models import Team
from tests.conftest import NOON

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def locked(comunik, pixels, diane_user) -> Team:
    """Com’unik has the second prize and a special one; the decision is locked, not published."""
    deliberation = Deliberation.objects.create(
        department=comunik.department, locked_at=NOON, locked_by=diane_user
    )
    Award.objects.create(deliberation=deliberation, team=comunik, rank=2)
    Award.objects.create(deliberation=deliberation, team=comunik, title="Coup de cœur")
    return comunik


def publish(edition: Edition) -> None:
    Edition.objects.update(results_published_at=NOON)
    edition.refresh_from_db()
