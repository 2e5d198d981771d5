from collections.abc import Iterator

import pytest

from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry, LiveMessage
from hackathon.core.received_files import ReceivedFile, received_file
from hackathon.editions.rules import ATTACHMENT_MAX_BYTES
from tests.conftest import make_user


def published() -> list[tuple[str, str]]:
    return [(audience, m.type) for m in LiveMessage.objects.all() for audience in m.audience_names]


def journalled() -> list[str]:
    return list(JournalEntry.objects.order_by("id").values_list("act", flat=True))


@pytest.fixture
def film() -> Iterator[ReceivedFile]:
    file = received_file(b"x", "film.mp4")
    file.size = ATTACHMENT_MAX_BYTES + 1
    yield file
    file.close()


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root@example.org", "secret-of-tests", name="Root")


@pytest.fixture
def gil(db: None) -> User:
    return make_user("gil@example.org", "Gil")
