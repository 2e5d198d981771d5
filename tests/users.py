"""Who takes part. What they are in the edition is in conftest.py."""

import pytest

from hackathon.base.accounts.models import User
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Edition
from tests.conftest import make_user


@pytest.fixture
def ada(db: None) -> User:
    """Captain of the team `comunik`."""
    return make_user("ada@example.org", "Ada")


@pytest.fixture
def ben(db: None) -> User:
    """Member of `comunik`."""
    return make_user("ben@example.org", "Ben")


@pytest.fixture
def cleo(db: None) -> User:
    """Captain of another team, in another department."""
    return make_user("cleo@example.org", "Cleo")


@pytest.fixture
def dan_user(db: None) -> User:
    """The person of the juror dan."""
    return make_user("dan@example.org", "Dan")


@pytest.fixture
def diane_user(db: None) -> User:
    """The person of the president diane."""
    return make_user("diane@example.org", "Diane")


@pytest.fixture
def eve(db: None) -> User:
    """Organizer of the edition."""
    return make_user("eve@example.org", "Eve")


@pytest.fixture
def rhea(edition: Edition) -> User:
    """Reads what organizers see, and changes nothing."""
    return _colleague(edition, "Rhea", ColleagueRole.READER)


@pytest.fixture
def dora(edition: Edition) -> User:
    """Keeps the desk."""
    return _colleague(edition, "Dora", ColleagueRole.DESK)


def _colleague(edition: Edition, name: str, role: ColleagueRole) -> User:
    user = make_user(f"{name.lower()}@example.org", name)
    edition.colleagues.create(user=user, role=role)
    return user


@pytest.fixture
def max_user(db: None) -> User:
    """The person of max, who represents the client in Infocom's jury."""
    return make_user("max@example.org", "Max")


@pytest.fixture
def loner(db: None) -> User:
    """Signed in, in no team."""
    return make_user("loner@example.org", "Sacha")


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.org", "secret-of-tests", name="Root")


@pytest.fixture
def gil(db: None) -> User:
    return make_user("gil@example.org", "Gil")
