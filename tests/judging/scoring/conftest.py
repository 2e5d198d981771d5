from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.judging.conftest import NIGHT


@pytest.fixture
def night() -> Iterator[None]:
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def dan_client(client_of, dan) -> Client:
    return client_of(dan.user)
