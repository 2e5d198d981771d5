from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hackathon.base.core.errors import Refused
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Edition
from submissions.models import Deliverable, Submission, Upload
from teams.enums import HelpKind
from teams.errors import TeamRefusal
from teams.models import Membership, Placement, Student, Team
from teams.rules import CHANGES_MAX
from teams.selectors.rooms import offer
from teams.services import (
    calls,
    invitations,
    membership,
    organizing,
    rooms,
    students,
    teams,
)
from tests.conftest import NOON, make_team
from tests.refusals import refuses
from tests.teams.conftest import EVENING, place_of

Get = Callable[[str], Any]


def too_early(get: Get) -> None:
    at = NOON - timedelta(days=11)
    teams.register(get("edition"), get("infocom"), "Les Five", by=get("fay"), at=at)


def too_late(get: Get) -> None:
    membership.join(get("comunik"), by=get("fay"), at=NOON)


def frozen(get: Get) -> None:
    team = get("comunik")
    Edition.objects.update(registration_frozen_at=EVENING)
    membership.join(team, by=get("fay"), at=EVENING)


def two_teams(get: Get) -> None:
    get("pixels")
    membership.join(get("comunik"), by=get("eve"), at=EVENING, user=get("cleo"))


def no_seat(get: Get) -> None:
    membership.join(get("full"), by=get("eve"), at=EVENING, user=get("fay"))


def dissolved_meanwhile(get: Get) -> None:
    team = get("pixels")
    Team.objects.filter(pk=team.pk).delete()
    membership.join(team, by=get("fay"), at=EVENING)


def same_name(get: Get) -> None:
    get("comunik")
    teams.register(get("edition"), get("info"), "COM’UNIK", by=get("fay"), at=EVENING)


def unknown_code(get: Get) -> None:
    membership.team_of_code(get("edition"), "000-000", by=get("fay"))


def guess_codes(get: Get) -> None:
    edition, fay = get("edition"), get("fay")
    for number in range(membership.CODES):
        with pytest.raises(Refused):
            membership.team_of_code(edition, f"00000{number}", by=fay)
    membership.team_of_code(edition, get("comunik").join_code, by=fay)


def already_left(get: Get) -> None:
    get("comunik")
    place = place_of(get("ben"))
    membership.leave(place, by=get("ben"), at=EVENING)
    membership.remove(place, by=get("ada"), at=EVENING)


def not_captain(get: Get) -> None:
    teams.edit(get("comunik"), by=get("ben"), at=EVENING, room="1")


def not_organizer(get: Get) -> None:
    organizing.add_people(get("comunik"), ["fay@example.org"], by=get("ada"), at=EVENING)


def entry_code_of_an_organizer(get: Get) -> None:
    get("edition").organizers.add(get("ben"))
    get("comunik")
    membership.let_in(place_of(get("ben")), by=get("eve"), at=EVENING)


def reader_joins(get: Get) -> None:
    get("edition").colleagues.create(user=get("fay"), role=ColleagueRole.READER)
    membership.join(get("comunik"), by=get("fay"), at=EVENING)


def captain_leaves(get: Get) -> None:
    get("comunik")
    membership.leave(place_of(get("ada")), by=get("ada"), at=EVENING)


def last_with_deposit(get: Get) -> None:
    hand_in(get)
    membership.leave(place_of(get("cleo")), by=get("cleo"), at=EVENING)


def moved_twice(get: Get) -> None:
    place = place_of_ben(get)
    organizing.move_members([place], get("pixels"), by=get("eve"), at=NOON)
    new = make_team(get("info"), "Les Tardifs")
    organizing.move_members([place], new, by=get("eve"), at=NOON)


def call_off_nothing(get: Get) -> None:
    invitations.call_off(edition=get("edition"), by=get("eve"), at=EVENING)


def place_of_ben(get: Get) -> Membership:
    get("comunik")
    return place_of(get("ben"))


def move_into_full(get: Get) -> None:
    full = get("full")
    organizing.move_members([place_of_cleo(get)], full, by=get("eve"), at=NOON)


def place_of_cleo(get: Get) -> Membership:
    get("pixels")
    return place_of(get("cleo"))


def move_nowhere(get: Get) -> None:
    organizing.move_members([place_of_ben(get)], get("comunik"), by=get("eve"), at=NOON)


def split_all(get: Get) -> None:
    members = list(get("comunik").memberships.select_related("user", "team"))
    organizing.split(get("comunik"), members, "Reste", by=get("eve"), at=NOON)


def split_nobody(get: Get) -> None:
    organizing.split(get("comunik"), [], "Reste", by=get("eve"), at=NOON)


def hand_in(get: Get) -> None:
    deliverable = Deliverable.objects.create(department=get("info"), name="Titre", kind="text")
    Submission.objects.create(
        deliverable=deliverable,
        team=get("pixels"),
        version=1,
        begun_at=EVENING,
        received_at=EVENING,
        submitted_by=get("cleo"),
        size=2,
        sha256="0" * 64,
        text="ok",
    )


def merge_with_deposit(get: Get) -> None:
    hand_in(get)
    Edition.objects.update(team_size_max=5)
    organizing.merge(get("pixels"), get("comunik"), by=get("eve"), at=NOON)


def change_department_with_deposit(get: Get) -> None:
    hand_in(get)
    organizing.relocate(
        get("edition"), [get("pixels")], department=get("infocom"), by=get("eve"), at=NOON
    )


def merge_while_uploading(get: Get) -> None:
    deliverable = Deliverable.objects.create(department=get("info"), name="Film", kind="file")
    Upload.objects.create(
        team=get("pixels"),
        deliverable=deliverable,
        begun_by=get("cleo"),
        length=9,
        begun_at=NOON,
        expires_at=NOON + timedelta(days=1),
    )
    Edition.objects.update(team_size_max=5)
    organizing.merge(get("pixels"), get("comunik"), by=get("eve"), at=NOON)


def merge_with_open_call(get: Get) -> None:
    get("pixels")
    calls.request(team=get("pixels"), kind=HelpKind.TEACHER, by=get("cleo"), at=NOON)
    Edition.objects.update(team_size_max=5)
    organizing.merge(get("pixels"), get("comunik"), by=get("eve"), at=NOON)


def take_off_twice(get: Get) -> None:
    student = Student.objects.create(edition=get("edition"), user=get("loner"))
    for _ in range(2):
        students.take_off(student, by=get("eve"), at=NOON)


def changes_without_end(get: Get) -> None:
    for number in range(CHANGES_MAX + 1):
        teams.edit(get("comunik"), by=get("ada"), at=NOON, project=f"Projet {number}")


def place_twice(get: Get) -> None:
    get("pixels")
    key = offer(get("edition"), moves=False).key
    Team.objects.update(room="")
    rooms.place(get("edition"), key=key, moves=False, by=get("eve"), at=NOON)


def place_nobody(get: Get) -> None:
    key = offer(get("edition"), moves=False).key
    rooms.place(get("edition"), key=key, moves=False, by=get("eve"), at=NOON)


def undo_twice(get: Get) -> None:
    placement = Placement.objects.create(edition=get("edition"), at=NOON, changes=[])
    for _ in range(2):
        rooms.undo(placement, by=get("eve"), at=NOON)


CASES: dict[TeamRefusal, Callable[[Get], object]] = {
    TeamRefusal.REGISTRATION_NOT_OPEN: too_early,
    TeamRefusal.REGISTRATION_CLOSED: too_late,
    TeamRefusal.REGISTRATION_FROZEN: frozen,
    TeamRefusal.ALREADY_IN_TEAM: two_teams,
    TeamRefusal.TEAM_FULL: no_seat,
    TeamRefusal.MAILS_LEFT: call_off_nothing,
    TeamRefusal.TEAM_GONE: dissolved_meanwhile,
    TeamRefusal.NAME_TAKEN: same_name,
    TeamRefusal.CODE_UNKNOWN: unknown_code,
    TeamRefusal.CODES_BLOCKED: guess_codes,
    TeamRefusal.NOT_MEMBER: already_left,
    TeamRefusal.NOT_CAPTAIN: not_captain,
    TeamRefusal.TOO_OFTEN: changes_without_end,
    TeamRefusal.NOT_ORGANIZER: not_organizer,
    TeamRefusal.HAS_OTHER_RIGHTS: entry_code_of_an_organizer,
    TeamRefusal.COLLEAGUE: reader_joins,
    TeamRefusal.CAPTAIN_MUST_PASS_ON: captain_leaves,
    TeamRefusal.HAS_SUBMISSIONS: last_with_deposit,
    TeamRefusal.MOVED_MEANWHILE: moved_twice,
    TeamRefusal.TOO_MANY: move_into_full,
    TeamRefusal.SAME_TEAM: move_nowhere,
    TeamRefusal.NOBODY_LEFT: split_all,
    TeamRefusal.NOBODY_CHOSEN: split_nobody,
    TeamRefusal.MERGED_HAS_SUBMISSIONS: merge_with_deposit,
    TeamRefusal.DEPOSITS_STAY: change_department_with_deposit,
    TeamRefusal.UPLOADING: merge_while_uploading,
    TeamRefusal.STUDENT_GONE: take_off_twice,
    TeamRefusal.CALL_OPEN: merge_with_open_call,
    TeamRefusal.PLACEMENT_CHANGED: place_twice,
    TeamRefusal.NOTHING_TO_PLACE: place_nobody,
    TeamRefusal.PLACEMENT_GONE: undo_twice,
}


@pytest.mark.parametrize("code", TeamRefusal)
def test_each_refusal(code, request, db):
    with refuses(code) as caught:
        CASES[code](request.getfixturevalue)

    assert "{" not in caught.value.refusal.message


def test_a_name_cannot_be_changed_after_registration(request):
    team, ada = request.getfixturevalue("comunik"), request.getfixturevalue("ada")

    with refuses(TeamRefusal.REGISTRATION_CLOSED):
        teams.edit(team, by=ada, at=NOON, name="Autre nom", room="300")

    team.refresh_from_db()
    assert (team.name, team.room) == ("Com’unik", "214")


def test_a_student_cannot_register_a_team_for_somebody_else(request):
    get = request.getfixturevalue

    with refuses(TeamRefusal.NOT_ORGANIZER):
        teams.register(
            get("edition"), get("info"), "X", by=get("ben"), at=EVENING, captain=get("fay")
        )


def test_only_the_member_leaves(comunik, request):
    place = place_of(request.getfixturevalue("ben"))

    with refuses(TeamRefusal.NOT_MEMBER):
        membership.leave(place, by=request.getfixturevalue("ada"), at=EVENING)
