from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from hackathon.base.core.models import JournalEntry, LiveMessage
from teams.enums import HelpKind, HelpState
from teams.models import Duty, HelpRequest
from teams.selectors import calls as selectors
from teams.services import calls, duties, membership, teams
from tests.conftest import NOON, make_team, make_user
from tests.teams.conftest import published

MINUTE = timedelta(minutes=1)


@pytest.fixture
def call(comunik, ada) -> HelpRequest:
    return calls.request(team=comunik, kind=HelpKind.TEACHER, by=ada, at=NOON, note="  Le  plan ")


@pytest.fixture
def queue(infocom) -> Callable[..., HelpRequest]:
    def make(name: str, minutes: int, kind: HelpKind = HelpKind.TEACHER) -> HelpRequest:
        student = make_user(f"{name}@example.org", name)
        team = make_team(infocom, name, student, room="215", floor=2)
        return calls.request(team=team, kind=kind, by=student, at=NOON + minutes * MINUTE)

    return make


def place(call: HelpRequest) -> int:
    return selectors.team_call(HelpRequest.objects.get(pk=call.pk)).place


def messages_to(audience: str) -> list[str]:
    messages = (
        LiveMessage.objects.for_audiences([audience])
        .filter(type__startswith="help.")
        .order_by("id")
    )
    return list(messages.values_list("type", flat=True))


# ---------------------------------------------------------------- the states of a call


def test_a_call_is_published_to_its_team_and_its_helpers(call, comunik):
    department = comunik.department_id
    assert (call.state, call.note, call.where, call.floor) == ("waiting", "Le plan", "214", 2)
    assert {audience for audience, kind in published() if kind == "help.requested"} == {
        f"team:{comunik.pk}",
        f"helpers:teacher:{department}",
        "helpers:teacher",
        "organizers",
    }
    message = LiveMessage.objects.filter(type="help.requested")[0]
    assert message.data == {
        "id": call.pk,
        "kind": "teacher",
        "state": "waiting",
        "team": comunik.pk,
        "department": "INFOCOM",
    }


def test_a_call_is_claimed_started_and_finished(call, dan):
    calls.claim(call=call, by=dan.user, at=NOON + MINUTE)
    calls.start(call=call, by=dan.user, at=NOON + 2 * MINUTE)
    calls.start(call=call, by=dan.user, at=NOON + 2 * MINUTE)  # a double tap
    calls.finish(call=call, by=dan.user, at=NOON + 9 * MINUTE)

    call.refresh_from_db()
    assert (call.state, call.claimed_by, call.claimed_at, call.closed_at) == (
        HelpState.DONE,
        dan.user,
        NOON + MINUTE,
        NOON + 9 * MINUTE,
    )
    steps = ["help.requested", "help.claimed", "help.started", "help.finished"]
    assert messages_to(f"team:{call.team_id}") == steps
    assert list(JournalEntry.objects.order_by("id").values_list("act", flat=True)) == steps
    assert selectors.team_call_of(call.team) is None
    assert selectors.last_call_of(call.team) == call


def test_a_released_call_has_its_former_place(call, queue, dan):
    later = queue("Les Five", 3)
    calls.claim(call=call, by=dan.user, at=NOON + 4 * MINUTE)
    assert (place(call), place(later)) == (0, 1)

    calls.release(call=call, by=dan.user, at=NOON + 5 * MINUTE)

    call.refresh_from_db()
    assert (call.state, call.claimed_by, call.claimed_at) == (HelpState.WAITING, None, None)
    assert (place(call), place(later)) == (1, 2)
    assert messages_to(f"team:{later.team_id}") == ["help.requested", "help.moved", "help.moved"]


def test_an_organizer_releases_the_call_of_another_helper(call, dan, eve):
    calls.claim(call=call, by=dan.user, at=NOON)

    calls.release(call=call, by=eve, at=NOON + MINUTE)
    calls.claim(call=call, by=eve, at=NOON + MINUTE)

    call.refresh_from_db()
    assert call.claimed_by == eve


def test_a_team_withdraws_a_claimed_call(call, dan, ben, comunik):
    calls.claim(call=call, by=dan.user, at=NOON)

    calls.withdraw(call=call, by=ben, at=NOON + MINUTE)
    again = calls.request(team=comunik, kind=HelpKind.CLIENT, by=ben, at=NOON + 2 * MINUTE)

    call.refresh_from_db()
    assert (call.state, call.closed_at) == (HelpState.WITHDRAWN, NOON + MINUTE)
    assert selectors.open_call_of(comunik) == again


def test_a_dissolved_team_has_no_call(edition, info, eve, cleo):
    team = make_team(info, "Les Pixels", cleo, room="1")
    calls.request(team=team, kind=HelpKind.CLIENT, by=cleo, at=NOON)

    teams.dissolve(team, by=eve, at=NOON)

    assert not HelpRequest.objects.exists()


def test_a_team_without_a_room_gives_a_place(info, cleo):
    team = make_team(info, "Les Pixels", cleo, floor=3)

    call = calls.request(team=team, kind=HelpKind.CLIENT, by=cleo, at=NOON, place="  hall  ")

    assert (call.where, call.floor) == ("hall", 3)
    teams.edit(team, by=cleo, at=NOON, room="311")
    call = HelpRequest.objects.get()
    assert (call.where, call.floor) == ("hall", None)  # not in the room of that floor


@pytest.mark.database
def test_the_database_refuses_a_second_open_call(call, ada):
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.create(
            team=call.team, kind=HelpKind.CLIENT, requested_at=NOON, requested_by=ada
        )


@pytest.mark.database
@pytest.mark.parametrize(
    "broken",
    [
        {"state": HelpState.CLAIMED},
        {"state": HelpState.DONE, "closed_at": NOON},
        {"state": HelpState.WITHDRAWN},
        {"closed_at": NOON},
        {"claimed_at": NOON},
    ],
)
def test_the_database_refuses_inconsistent_states(call, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpRequest.objects.filter(pk=call.pk).update(**broken)


# ---------------------------------------------------------------- the queue


def test_the_place_counts_calls_of_the_same_queue_only(call, queue, info, cleo, dan):
    queue("Autre genre", 1, HelpKind.CLIENT)
    second, third = queue("Les Five", 2), queue("Plan B", 3)
    pixels = make_team(info, "Les Pixels", cleo, room="311", floor=3)
    elsewhere = calls.request(team=pixels, kind=HelpKind.TEACHER, by=cleo, at=NOON + 4 * MINUTE)
    assert [place(c) for c in (call, second, third, elsewhere)] == [1, 2, 3, 1]

    calls.claim(call=second, by=dan.user, at=NOON + 5 * MINUTE)

    assert [place(c) for c in (call, second, third)] == [1, 0, 2]
    # Only the teams behind get the message, and it contains nothing else.
    moved = LiveMessage.objects.filter(type="help.moved")
    assert [(m.audience_names, m.data) for m in moved] == [
        ((f"team:{third.team_id}",), {"kind": "teacher"})
    ]


def test_technical_help_has_one_queue_for_all_departments(queue, info, cleo, eve):
    first = queue("Les Five", 0, HelpKind.TECHNICAL)
    pixels = make_team(info, "Les Pixels", cleo, room="311", floor=3)
    second = calls.request(team=pixels, kind=HelpKind.TECHNICAL, by=cleo, at=NOON + MINUTE)

    assert (place(first), place(second)) == (1, 2)
    found = selectors.open_calls(selectors.get_helper_for(eve, pixels.edition))
    assert [(p.call, p.place) for p in selectors.with_places(found)] == [(first, 1), (second, 2)]


def test_places_in_the_helpers_list_equal_those_of_the_teams(call, queue, eve, dan):
    made = [call, *(queue(f"T{n}", n, k) for n, k in enumerate([*HelpKind, *HelpKind], 1))]
    calls.claim(call=made[2], by=eve, at=NOON + 9 * MINUTE)

    found = selectors.open_calls(selectors.get_helper_for(eve, call.team.edition))

    assert {p.call.pk: p.place for p in selectors.with_places(found)} == {
        c.pk: place(c) for c in made
    }


# ---------------------------------------------------------------- who answers


def test_jurors_answer_the_calls_of_their_department(call, dan, max, info, loner):  # noqa: A002
    edition = call.team.edition
    assert selectors.get_helper_for(dan.user, edition).serves(call)
    assert not selectors.get_helper_for(max.user, edition).serves(call)  # the client, not a teacher
    assert selectors.helper_of(loner, edition) is None

    dan.department = info
    dan.save()

    assert not selectors.get_helper_for(dan.user, edition).serves(call)


def test_a_duty_gives_and_takes_the_right_to_answer(call, eve, loner):
    edition = call.team.edition
    give = {"edition": edition, "email": loner.email, "by": eve, "at": NOON}
    duty = duties.give(kind=HelpKind.TEACHER, department=None, **give)
    assert duties.give(kind=HelpKind.TEACHER, department=None, **give) == duty
    everywhere = duties.give(kind=HelpKind.TECHNICAL, department=call.team.department, **give)

    assert everywhere.department is None
    helper = selectors.get_helper_for(loner, edition)
    assert helper.serves(call)
    assert selectors.open_calls(helper) == [call]

    duties.take_away(duty=duty, by=eve, at=NOON)

    assert not selectors.get_helper_for(loner, edition).serves(call)
    assert Duty.objects.get() == everywhere


def test_members_of_a_team_answer_no_calls(call, eve, loner):
    edition = call.team.edition
    duties.give(
        edition=edition, email=loner.email, kind=HelpKind.TEACHER, department=None, by=eve, at=NOON
    )

    membership.join(call.team, by=eve, at=NOON, user=loner)

    assert selectors.helper_of(loner, edition) is None


# ---------------------------------------------------------------- how long they waited


def test_waits_are_measured_from_the_call_to_the_claim(call, queue, eve):
    edition = call.team.edition
    assert selectors.waits(edition).median is None
    made = [call, queue("A", 0), queue("B", 0), queue("C", 5)]
    for one, minutes in zip(made, (2, 4, 12), strict=False):
        calls.claim(call=one, by=eve, at=NOON + minutes * MINUTE)
    calls.finish(call=made[0], by=eve, at=NOON + 30 * MINUTE)

    found = selectors.waits(edition)

    assert (found.asked, found.held, found.waiting) == (4, 2, [made[3]])
    assert (found.median, found.longest) == (4 * MINUTE, 12 * MINUTE)
    assert found.oldest == made[3]
