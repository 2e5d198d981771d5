from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from hackathon.base.accounts.models import User
from judging.models import Juror
from teams.models import HelpRequest, Team
from tests.conftest import NOON

type SignIn = Callable[[User], Client]
PATH = "/api/v1/help-requests/"
JSON = "application/json"
PROBLEM = "application/problem+json"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def step(browser: Client, pk: int, state: str) -> Any:
    return browser.patch(f"{PATH}{pk}/", {"state": state}, content_type=JSON)


def test_a_call_by_the_api_from_request_to_done(
    client_of: SignIn, comunik: Team, ada: User, dan: Juror
) -> None:
    team, helper = client_of(ada), client_of(dan.user)

    made = team.post(PATH, {"kind": "teacher", "note": "Le plan"}, content_type=JSON)

    assert made.status_code == 201
    pk = made.json()["id"]
    assert made.json() == {
        "id": pk,
        "kind": "teacher",
        "state": "waiting",
        "team": {"id": comunik.pk, "name": "Com’unik", "department": "INFOCOM"},
        "place": "214",
        "floor": 2,
        "note": "Le plan",
        "queue_place": 1,
        "claimed_by": None,
        "requested_at": "2020-02-13T12:00:00Z",
        "claimed_at": None,
        "closed_at": None,
    }
    assert helper.get(PATH).json() == team.get(PATH).json() == [made.json()]
    for state in ("claimed", "waiting", "claimed", "coming", "done"):
        answer = step(helper, pk, state)
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    assert answer.json()["claimed_by"] == "Dan"
    assert helper.get(PATH).json() == []
    assert [c["state"] for c in team.get(PATH).json()] == ["done"]
    assert team.get(f"{PATH}{pk}/")["Cache-Control"] == "private, no-cache"


def test_refusals_are_problems_with_their_code(
    client_of: SignIn, comunik: Team, ada: User, ben: User, dan: Juror, diane: Juror
) -> None:
    team = client_of(ada)
    pk = team.post(PATH, {"kind": "teacher"}, content_type=JSON).json()["id"]
    step(client_of(diane.user), pk, "claimed")

    answers = [
        team.post(PATH, {"kind": "client"}, content_type=JSON),
        step(client_of(dan.user), pk, "claimed"),
        step(client_of(ben), pk, "coming"),
        step(client_of(dan.user), pk, "withdrawn"),
    ]

    assert {(a.status_code, a["Content-Type"]) for a in answers} == {(409, PROBLEM)}
    assert [a.json()["code"] for a in answers] == [
        "help_already_open",
        "help_taken",
        "help_not_served",
        "help_not_member",
    ]
    assert step(team, pk, "withdrawn").json()["state"] == "withdrawn"
    assert step(client_of(diane.user), pk, "done").json()["code"] == "help_closed"


@pytest.mark.parametrize(
    "body", [{}, {"kind": "pizza"}, {"kind": "client", "note": "x" * 161}, {"kind": None}]
)
def test_an_invalid_body_is_400(
    body: dict[str, Any], client_of: SignIn, comunik: Team, ada: User
) -> None:
    answer = client_of(ada).post(PATH, body, content_type=JSON)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not HelpRequest.objects.exists()


def test_outsiders_get_404(
    client_of: SignIn, comunik: Team, pixels: Team, ada: User, cleo: User, loner: User
) -> None:
    pk = client_of(ada).post(PATH, {"kind": "client"}, content_type=JSON).json()["id"]

    for outsider in (cleo, loner):
        browser = client_of(outsider)
        assert browser.get(PATH).json() == []
        assert step(browser, pk, "claimed").json() == step(browser, pk + 1, "claimed").json()
        assert step(browser, pk, "claimed").status_code == 404
    assert client_of(loner).post(PATH, {"kind": "client"}, content_type=JSON).status_code == 404
    assert Client().get(PATH).status_code == 401
