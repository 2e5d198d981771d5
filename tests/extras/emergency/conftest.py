from collections.abc import Callable
from datetime import timedelta

import pytest

from hackathon.base.accounts.models import User
from hackathon.extras.emergency import services
from hackathon.extras.emergency.models import Emergency, SafetyNotice
from teams.models import Duty
from tests.conftest import NOON, make_user
from tests.extras.emergency.cases import TEXT

LATER = NOON + timedelta(minutes=3)


@pytest.fixture
def helper(edition) -> User:
    user = make_user("hal@example.org", "Hal")
    Duty.objects.create(edition=edition, user=user, kind="technical")
    return user


@pytest.fixture
def notice(edition, eve, helper) -> SafetyNotice:
    return SafetyNotice.objects.create(edition=edition, text=TEXT, first=eve, second=helper)


@pytest.fixture
def call(edition) -> Callable[..., Emergency]:
    def make(by: User, text: str = "") -> Emergency:
        return services.call(edition=edition, text=text, by=by, at=NOON)

    return make
