from collections.abc import Callable
from datetime import datetime, time
from uuid import uuid4

import pytest

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.presence import services
from hackathon.extras.presence.enums import TickKind
from hackathon.extras.presence.models import Moment
from hackathon.extras.presence.services import Given
from teams.models import Duty, Student
from tests.conftest import NOON, make_user


def given(
    person: User,
    value: TickKind = TickKind.HERE,
    *,
    at: datetime = NOON,
    moment: int = 0,
    clock: time | None = None,
) -> Given:
    return Given(uuid4(), person.pk, moment, value, at, clock)


@pytest.fixture
def ticked(edition: Edition, eve: User) -> Callable[..., None]:
    """Noted by an organizer, all at `at`."""

    def tick(*people: User, value: TickKind = TickKind.HERE, at: datetime = NOON) -> None:
        ticks = [given(person, value, at=at) for person in people]
        services.tick(edition, ticks, by=eve, at=at)

    return tick


@pytest.fixture
def morning(edition: Edition) -> Moment:
    return Moment.objects.create(edition=edition, name="Matin", at=edition.starts_at)


@pytest.fixture
def helper(edition: Edition) -> User:
    user = make_user("hal@example.org", "Hal")
    Duty.objects.create(edition=edition, user=user, kind="technical")
    return user


@pytest.fixture
def student(edition: Edition) -> User:
    """On the lists of the school, in no team."""
    user = make_user("sam@example.org", "Sam")
    Student.objects.create(edition=edition, user=user, number="42")
    return user
