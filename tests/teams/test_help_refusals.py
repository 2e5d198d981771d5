from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from teams.enums import HelpKind
from teams.errors import HelpRefusal
from teams.models import HelpRequest, Team
from teams.rules import CALLS_MAX, calling_refusal
from teams.services import calls, duties
from tests.conftest import DEADLINE, NOON
from tests.refusals import refuses

Get = Callable[[str], Any]
GRACE = timedelta(minutes=10)
SECOND = timedelta(seconds=1)


def call_of(get: Get, *, at: Any = NOON) -> HelpRequest:
    team = get("comunik")
    return calls.request(team=team, kind=HelpKind.TEACHER, by=get("ada"), at=at)


def before_the_event(get: Get) -> None:
    call_of(get, at=NOON - timedelta(hours=18))


def for_another_team(get: Get) -> None:
    get("pixels")
    calls.request(team=get("comunik"), kind=HelpKind.CLIENT, by=get("cleo"), at=NOON)


def second_call(get: Get) -> None:
    call_of(get)
    calls.request(team=get("comunik"), kind=HelpKind.CLIENT, by=get("ben"), at=NOON)


def again_and_again(get: Get) -> None:
    for number in range(CALLS_MAX + 1):
        calls.withdraw(call=call_of(get, at=NOON + number * SECOND), by=get("ada"), at=NOON)


def without_room_and_place(get: Get) -> None:
    Team.objects.filter(pk=get("comunik").pk).update(room="")
    calls.request(team=get("comunik"), kind=HelpKind.CLIENT, by=get("ada"), at=NOON, place="  ")


def not_for_the_client(get: Get) -> None:
    calls.claim(call=call_of(get), by=get("max").user, at=NOON)


def claimed_by_another_helper(get: Get) -> None:
    call = call_of(get)
    calls.claim(call=call, by=get("diane").user, at=NOON)
    calls.claim(call=call, by=get("dan").user, at=NOON)


def not_claimed(get: Get) -> None:
    calls.finish(call=call_of(get), by=get("dan").user, at=NOON)


def withdrawn_meanwhile(get: Get) -> None:
    call = call_of(get)
    calls.withdraw(call=call, by=get("ben"), at=NOON)
    calls.claim(call=call, by=get("dan").user, at=NOON)


def a_member_of_a_team(get: Get) -> None:
    get("pixels")
    duties.give(
        edition=get("edition"),
        email="cleo@example.org",
        kind=HelpKind.TEACHER,
        department=None,
        by=get("eve"),
        at=NOON,
    )


CASES: dict[HelpRefusal, Callable[[Get], None]] = {
    HelpRefusal.NOT_RUNNING: before_the_event,
    HelpRefusal.NOT_MEMBER: for_another_team,
    HelpRefusal.ALREADY_OPEN: second_call,
    HelpRefusal.TOO_MANY: again_and_again,
    HelpRefusal.PLACE_MISSING: without_room_and_place,
    HelpRefusal.NOT_SERVED: not_for_the_client,
    HelpRefusal.TAKEN: claimed_by_another_helper,
    HelpRefusal.NOT_TAKEN: not_claimed,
    HelpRefusal.CLOSED: withdrawn_meanwhile,
    HelpRefusal.IN_TEAM: a_member_of_a_team,
}


@pytest.mark.parametrize("code", HelpRefusal)
def test_each_refusal(code, request, db):
    with refuses(code) as caught:
        CASES[code](request.getfixturevalue)

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
def test_calls_are_open_from_the_launch_to_the_end_of_the_grace(at, open_, edition):
    instants = {
        "starts": edition.starts_at - SECOND,
        "started": edition.starts_at,
        "deadline": DEADLINE,
        "grace": DEADLINE + GRACE,
        "over": DEADLINE + GRACE + SECOND,
    }

    assert (calling_refusal(edition, at=instants[at]) is None) == open_


@pytest.mark.parametrize("step", [calls.start, calls.finish, calls.release])
def test_a_call_of_another_helper_cannot_be_continued(step, request):
    get = request.getfixturevalue
    call = call_of(get)
    calls.claim(call=call, by=get("diane").user, at=NOON)

    with refuses(HelpRefusal.TAKEN) as caught:
        step(call=call, by=get("dan").user, at=NOON)

    assert "Diane" in caught.value.refusal.message


@pytest.mark.parametrize("step", [calls.claim, calls.start, calls.finish, calls.release])
def test_members_of_the_team_cannot_answer_its_call(step, request):
    call = call_of(request.getfixturevalue)

    with refuses(HelpRefusal.NOT_SERVED):
        step(call=call, by=request.getfixturevalue("ben"), at=NOON)


def test_only_the_team_withdraws_its_call(request):
    get = request.getfixturevalue
    call = call_of(get)

    for outsider in (get("eve"), get("dan").user, get("loner")):
        with refuses(HelpRefusal.NOT_MEMBER):
            calls.withdraw(call=call, by=outsider, at=NOON)


def test_a_call_whose_team_is_gone_is_closed(request):
    get = request.getfixturevalue
    call = call_of(get)
    get("comunik").delete()

    with refuses(HelpRefusal.CLOSED):
        calls.claim(call=call, by=get("eve"), at=NOON)
