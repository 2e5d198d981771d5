"""What tests of editions look at."""

from collections.abc import Iterator

import pytest

from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry, LiveMessage
from hackathon.core.received_files import ReceivedFile, received_file
from hackathon.editions.rules import ATTACHMENT_MAX_BYTES
from tests.conftest import make_user


def told() -> list[tuple[str, str]]:
    """The live messages so far: (audience, type)."""
    return [(audience, m.type) for m in LiveMessage.objects.all() for audience in m.audience_names]


def journalled() -> list[str]:
    """The acts so far, oldest first."""
    return list(JournalEntry.objects.order_by("id").values_list("act", flat=True))


@pytest.fixture
def film() -> Iterator[ReceivedFile]:
    """A file that says it is larger than what may be attached."""
    file = received_file(b"x", "film.mp4")
    file.size = ATTACHMENT_MAX_BYTES + 1
    yield file
    file.close()


@pytest.fixture
def root(db: None) -> User:
    """A superuser, who organizes everything."""
    return User.objects.create_superuser("root@example.org", "secret-of-tests", name="Root")


@pytest.fixture
def gil(db: None) -> User:
    """Somebody with an account and nothing else."""
    return make_user("gil@example.org", "Gil")
