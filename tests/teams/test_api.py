"""What organizers do with teams, by programs."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from hackathon.base.accounts.models import User
from teams.models import Team
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client_of) -> Callable[..., Any]:
    def act(user: User, method: str, address: str, body: Any) -> Any:
        return getattr(client_of(user), method)(
            f"/api/v1/{address}/", body, content_type="application/json"
        )

    return act


@time_machine.travel(NOON, tick=False)
def test_programs_read_and_write_each_field_that_the_page_edits(ask, eve, comunik):
    fields = {"name": "Phares", "project": "Une lampe", "room": "B2", "floor": 2}

    changed = ask(eve, "patch", f"teams/{comunik.pk}", fields)
    too_high = ask(eve, "patch", f"teams/{comunik.pk}", {"floor": 61})
    blank = ask(eve, "patch", f"teams/{comunik.pk}", {"name": " "})
    too_long = ask(eve, "patch", f"teams/{comunik.pk}", {"room": "B" * 41})

    assert set(Team.EDITABLE) <= changed.json().keys()
    assert {name: changed.json()[name] for name in fields} == fields
    assert {answer.status_code for answer in (too_high, blank, too_long)} == {400}
