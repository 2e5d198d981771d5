from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from tests.submissions.tus import servers
from tests.submissions.tus.wire import Tus
from tests.tokens import make_token


@pytest.fixture(scope="module")
def server(django_db_setup) -> Iterator[str]:
    with servers.in_thread() as url:
        yield url


@pytest.fixture
def tonight(edition) -> Edition:
    move_deadline(edition, timedelta(hours=1))
    return edition


@pytest.fixture
def tus_of(server) -> Iterator[Callable[[User], Tus]]:
    with ExitStack() as stack:

        def program(user: User) -> Tus:
            return stack.enter_context(Tus(server, make_token(user)))

        yield program


@pytest.fixture
def tus(tonight, comunik, dossier, ada, tus_of) -> Tus:
    return tus_of(ada)


def move_deadline(edition: Edition, delta: timedelta, *, grace: timedelta | None = None) -> None:
    deadline_at = clock.now() + delta
    edition.starts_at = deadline_at - timedelta(hours=14)
    edition.deadline_at = deadline_at
    edition.judging_opens_at = deadline_at + timedelta(hours=2)
    if grace is not None:
        edition.grace_seconds = int(grace.total_seconds())
    edition.save()
