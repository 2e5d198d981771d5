from collections.abc import Callable
from datetime import timedelta

import pytest

from hackathon.base.accounts.models import User
from hackathon.extras.running_order.models import Step
from teams.models import Duty
from tests.conftest import NOON, make_user


@pytest.fixture
def helper(edition) -> User:
    user = make_user("hal@example.org", "Hal")
    Duty.objects.create(edition=edition, user=user, kind="technical")
    return user


@pytest.fixture
def step(edition) -> Callable[..., Step]:
    """`minutes` after noon."""

    def make(title: str, minutes: int, **fields: str) -> Step:
        at = NOON + timedelta(minutes=minutes)
        return Step.objects.create(edition=edition, at=at, title=title, **fields)

    return make
