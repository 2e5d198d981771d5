"""One way into each refusal of calls for help. A new code without a test fails."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hackathon.core.errors import Refused
from hackathon.editions.models import Edition
from teams.enums import HelpKind
from teams.errors import HelpRefusal
from teams.models import HelpRequest, Team
from teams.rules import calling_refusal
from teams.services import calls, duties
from tests.conftest import DEADLINE, NOON

pytestmark = pytest.mark.database

Get = Callable[[str], Any]
GRACE = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


def call_of(get: Get, *, at: Any = NOON) -> HelpRequest:
    """Com’unik calls a teacher."""
    team = get("comunik")
    return calls.request(team=team, kind=HelpKind.TEACHER, by=get("ada"), at=at)


def in_the_evening_before(get: Get) -> None:
    """Nobody walks through the rooms yet."""
    call_of(get, at=NOON - timedelta(hours=18))


def for_another_team(get: Get) -> None:
    """Cleo calls somebody to Com’unik."""
    get("pixels")
    calls.request(team=get("comunik"), kind=HelpKind.CLIENT, by=get("cleo"), at=NOON)


def second_call(get: Get) -> None:
    """Ben did not know that Ada had called."""
    call_of(get)
    calls.request(team=get("comunik"), kind=HelpKind.CLIENT, by=get("ben"), at=NOON)


def nowhere(get: Get) -> None:
    """The team has no room, and says nothing."""
    Team.objects.filter(pk=get("comunik").pk).update(room="")
    calls.request(team=get("comunik"), kind=HelpKind.CLIENT, by=get("ada"), at=NOON, place="  ")


def not_for_the_client(get: Get) -> None:
    """Max is the client; a teacher was called."""
    calls.claim(call=call_of(get), by=get("max").user, at=NOON)


def by_somebody_else(get: Get) -> None:
    """Diane has taken it."""
    call = call_of(get)
    calls.claim(call=call, by=get("diane").user, at=NOON)
    calls.claim(call=call, by=get("dan").user, at=NOON)


def not_taken(get: Get) -> None:
    """Dan is done with what he has not begun."""
    calls.finish(call=call_of(get), by=get("dan").user, at=NOON)


def withdrawn_meanwhile(get: Get) -> None:
    """The team needs nobody any more."""
    call = call_of(get)
    calls.withdraw(call=call, by=get("ben"), at=NOON)
    calls.claim(call=call, by=get("dan").user, at=NOON)


def a_competitor(get: Get) -> None:
    """Cleo has a team."""
    get("pixels")
    duties.give(
        edition=get("edition"),
        email="cleo@example.org",
        kind=HelpKind.TEACHER,
        department=None,
        by=get("eve"),
        at=NOON,
    )


WAYS: dict[HelpRefusal, Callable[[Get], None]] = {
    HelpRefusal.NOT_RUNNING: in_the_evening_before,
    HelpRefusal.NOT_MEMBER: for_another_team,
    HelpRefusal.ALREADY_OPEN: second_call,
    HelpRefusal.PLACE_MISSING: nowhere,
    HelpRefusal.NOT_SERVED: not_for_the_client,
    HelpRefusal.TAKEN: by_somebody_else,
    HelpRefusal.NOT_TAKEN: not_taken,
    HelpRefusal.CLOSED: withdrawn_meanwhile,
    HelpRefusal.IN_TEAM: a_competitor,
}


@pytest.mark.parametrize("code", HelpRefusal)
def test_each_refusal(code: HelpRefusal, request: pytest.FixtureRequest, db: None) -> None:
    with pytest.raises(Refused) as caught:
        WAYS[code](request.getfixturevalue)

    assert caught.value.refusal.code == code
    assert "{" not in caught.value.refusal.message


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("starts", False),
        ("started", True),
        ("deadline", True),
        ("grace", True),
        ("over", False),
    ],
)
def test_one_calls_from_the_launch_to_the_end_of_the_grace(
    at: str, open_: bool, edition: Edition
) -> None:
    instants = {
        "starts": edition.starts_at - SECOND,
        "started": edition.starts_at,
        "deadline": DEADLINE,
        "grace": DEADLINE + GRACE,
        "over": DEADLINE + GRACE + SECOND,
    }

    assert (calling_refusal(edition, at=instants[at]) is None) == open_


Held = Callable[..., HelpRequest]


@pytest.mark.parametrize("step", [calls.start, calls.finish, calls.release])
def test_nobody_goes_on_with_what_another_holds(step: Held, request: Any) -> None:
    get = request.getfixturevalue
    call = call_of(get)
    calls.claim(call=call, by=get("diane").user, at=NOON)

    with pytest.raises(Refused) as caught:
        step(call=call, by=get("dan").user, at=NOON)

    assert caught.value.refusal.code == HelpRefusal.TAKEN
    assert "Diane" in caught.value.refusal.message


@pytest.mark.parametrize("step", [calls.claim, calls.start, calls.finish, calls.release])
def test_members_of_the_team_cannot_serve_themselves(step: Held, request: Any) -> None:
    call = call_of(request.getfixturevalue)

    with pytest.raises(Refused) as caught:
        step(call=call, by=request.getfixturevalue("ben"), at=NOON)

    assert caught.value.refusal.code == HelpRefusal.NOT_SERVED


def test_only_the_team_takes_its_call_back(request: Any) -> None:
    get = request.getfixturevalue
    call = call_of(get)

    for outsider in (get("eve"), get("dan").user, get("loner")):
        with pytest.raises(Refused) as caught:
            calls.withdraw(call=call, by=outsider, at=NOON)
        assert caught.value.refusal.code == HelpRefusal.NOT_MEMBER


def test_a_call_whose_team_is_gone_is_closed(request: Any) -> None:
    get = request.getfixturevalue
    call = call_of(get)
    get("comunik").delete()

    with pytest.raises(Refused) as caught:
        calls.claim(call=call, by=get("eve"), at=NOON)

    assert caught.value.refusal.code == HelpRefusal.CLOSED
