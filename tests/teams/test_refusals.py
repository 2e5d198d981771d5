from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hackathon.core.errors import Refused
from hackathon.editions.models import Edition
from submissions.models import Deliverable, Submission
from teams.errors import TeamRefusal
from teams.models import Team
from teams.services import membership, teams
from tests.conftest import NOON
from tests.teams.conftest import EVENING, place_of

pytestmark = pytest.mark.database

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
    membership.join_by_code(get("edition"), "000-000", by=get("fay"), at=EVENING)


def unknown_email(get: Get) -> None:
    membership.add_by_email(get("comunik"), "x@example.org", by=get("eve"), at=EVENING)


def already_left(get: Get) -> None:
    get("comunik")
    place = place_of(get("ben"))
    membership.leave(place, by=get("ben"), at=EVENING)
    membership.remove(place, by=get("ada"), at=EVENING)


def not_captain(get: Get) -> None:
    teams.edit(get("comunik"), by=get("ben"), at=EVENING, room="1")


def not_organizer(get: Get) -> None:
    membership.add_by_email(get("comunik"), "fay@example.org", by=get("ada"), at=EVENING)


def entry_code_of_an_organizer(get: Get) -> None:
    get("edition").organizers.add(get("ben"))
    get("comunik")
    membership.let_in(place_of(get("ben")), by=get("eve"), at=EVENING)


def captain_leaves(get: Get) -> None:
    get("comunik")
    membership.leave(place_of(get("ada")), by=get("ada"), at=EVENING)


def last_with_deposit(get: Get) -> None:
    team = get("pixels")
    deliverable = Deliverable.objects.create(department=get("info"), name="Titre", kind="text")
    Submission.objects.create(
        deliverable=deliverable,
        team=team,
        version=1,
        begun_at=EVENING,
        received_at=EVENING,
        submitted_by=get("cleo"),
        size=2,
        sha256="0" * 64,
        text="ok",
    )
    membership.leave(place_of(get("cleo")), by=get("cleo"), at=EVENING)


CASES: dict[TeamRefusal, Callable[[Get], None]] = {
    TeamRefusal.REGISTRATION_NOT_OPEN: too_early,
    TeamRefusal.REGISTRATION_CLOSED: too_late,
    TeamRefusal.REGISTRATION_FROZEN: frozen,
    TeamRefusal.ALREADY_IN_TEAM: two_teams,
    TeamRefusal.TEAM_FULL: no_seat,
    TeamRefusal.TEAM_GONE: dissolved_meanwhile,
    TeamRefusal.NAME_TAKEN: same_name,
    TeamRefusal.CODE_UNKNOWN: unknown_code,
    TeamRefusal.ACCOUNT_UNKNOWN: unknown_email,
    TeamRefusal.NOT_MEMBER: already_left,
    TeamRefusal.NOT_CAPTAIN: not_captain,
    TeamRefusal.NOT_ORGANIZER: not_organizer,
    TeamRefusal.HAS_OTHER_RIGHTS: entry_code_of_an_organizer,
    TeamRefusal.CAPTAIN_MUST_PASS_ON: captain_leaves,
    TeamRefusal.HAS_SUBMISSIONS: last_with_deposit,
}


@pytest.mark.parametrize("code", TeamRefusal)
def test_each_refusal(code: TeamRefusal, request: pytest.FixtureRequest, db: None) -> None:
    with pytest.raises(Refused) as caught:
        CASES[code](request.getfixturevalue)

    assert caught.value.refusal.code == code
    assert "{" not in caught.value.refusal.message


def test_a_name_cannot_be_changed_after_registration(request: pytest.FixtureRequest) -> None:
    team, ada = request.getfixturevalue("comunik"), request.getfixturevalue("ada")

    with pytest.raises(Refused) as caught:
        teams.edit(team, by=ada, at=NOON, name="Autre nom", room="300")

    assert caught.value.refusal.code == TeamRefusal.REGISTRATION_CLOSED
    team.refresh_from_db()
    assert (team.name, team.room) == ("Com’unik", "214")


def test_a_student_cannot_register_a_team_for_somebody_else(
    request: pytest.FixtureRequest,
) -> None:
    get = request.getfixturevalue

    with pytest.raises(Refused) as caught:
        teams.register(
            get("edition"), get("info"), "X", by=get("ben"), at=EVENING, captain=get("fay")
        )

    assert caught.value.refusal.code == TeamRefusal.NOT_ORGANIZER


def test_only_the_member_leaves(comunik: Team, request: pytest.FixtureRequest) -> None:
    place = place_of(request.getfixturevalue("ben"))

    with pytest.raises(Refused) as caught:
        membership.leave(place, by=request.getfixturevalue("ada"), at=EVENING)

    assert caught.value.refusal.code == TeamRefusal.NOT_MEMBER
