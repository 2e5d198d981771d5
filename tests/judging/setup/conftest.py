from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from tests.judging.conftest import NIGHT

type Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _at_night() -> object:
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def eve_client(client_of, eve) -> Client:
    return client_of(eve)


@pytest.fixture
def dan_client(client_of, dan) -> Client:
    return client_of(dan.user)


@pytest.fixture
def diane_client(client_of, diane) -> Client:
    return client_of(diane.user)


def at(name: str, *arguments: object) -> str:
    return reverse(f"judging:{name}", args=arguments)
