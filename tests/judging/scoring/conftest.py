from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from hackathon.base.accounts.models import User
from judging.models import Juror
from tests.judging.conftest import NIGHT


@pytest.fixture
def night() -> Iterator[None]:
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def dan_client(client_of: Callable[[User], Client], dan: Juror) -> Client:
    return client_of(dan.user)
