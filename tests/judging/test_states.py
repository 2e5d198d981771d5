"""What the jury's pages say once a decision is locked, shown or published: never what was before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.editions.models import Department
from judging.models import Juror
from tests.judging.conftest import NIGHT, text_of

type Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _at_night() -> object:
    with time_machine.travel(NIGHT + timedelta(minutes=30), tick=False):
        yield


def at(name: str, *more: object) -> str:
    return reverse(f"judging:{name}", args=["INFOCOM", *more])


# ---------------------------------------------------------------- who waits to sign


def test_who_waits_to_sign_is_led_to_the_locked_decision(
    client_of: Browser, locked: Department, dan: Juror
) -> None:
    page = text_of(client_of(dan.user).get(at("sign")))

    assert "La décision est verrouillée" in page
    assert f'href="{at("deliberation")}"' in page
    assert "Rien à signer" not in page
    assert "live:deliberation.locked" in page
