from datetime import timedelta

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from teams.models import Membership, Team
from tests.conftest import NOON, make_user

# The evening before: registration is open. At NOON it is closed.
EVENING = NOON - timedelta(hours=18)


@pytest.fixture
def fay(db) -> User:
    return make_user("fay@example.org", "Fay")


def place_of(user: User) -> Membership:
    return Membership.objects.select_related("team", "user").get(user=user)


def published() -> set[tuple[str, str]]:
    return {(audience, m.type) for m in LiveMessage.objects.all() for audience in m.audience_names}


def text_of(response: object) -> str:
    return response.content.decode()


@pytest.fixture
def full(comunik) -> Team:
    Membership.objects.create(
        edition=comunik.edition,
        team=comunik,
        user=make_user("gus@example.org", "Gus"),
        joined_at=NOON - timedelta(days=1),
    )
    return comunik
