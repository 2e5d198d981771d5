from collections.abc import Callable
from typing import Any

import pytest

from hackathon.extras.team_searches import services
from hackathon.extras.team_searches.errors import SearchRefusal
from hackathon.extras.team_searches.models import Invitation
from hackathon.extras.team_searches.rules import OPEN_INVITATIONS_MAX
from tests.conftest import make_user
from tests.refusals import refuses
from tests.teams.conftest import EVENING

Get = Callable[[str], Any]


def write_number(get: Get) -> None:
    services.look_for(get("comunik"), "06 12 34 56 78", by=get("ada"), at=EVENING)


def search_without_a_name(get: Get) -> None:
    get("loner").name = ""
    look_for_a_team(get)


def write_twice(get: Get) -> None:
    for text in ("Un monteur", "Deux monteurs"):
        services.look_for(get("comunik"), text, by=get("ada"), at=EVENING)


def invite(get: Get) -> Invitation:
    return services.invite(get("comunik"), get("loner"), by=get("ada"), at=EVENING)


def invite_twice(get: Get) -> None:
    look_for_a_team(get)
    invite(get)
    invite(get)


def invite_many(get: Get) -> None:
    look_for_a_team(get)
    for number in range(OPEN_INVITATIONS_MAX):
        user = make_user(f"s{number}@example.org")
        Invitation.objects.create(team=get("comunik"), user=user, invited_at=EVENING)
    invite(get)


def accept_after_declining(get: Get) -> None:
    look_for_a_team(get)
    invitation = invite(get)
    services.decline(invitation, by=get("loner"), at=EVENING)
    services.accept(invitation, by=get("loner"), at=EVENING)


def look_for_a_team(get: Get) -> None:
    department, by = get("infocom"), get("loner")
    services.search(
        get("edition"), department=department, text="Libre", skills="", by=by, at=EVENING
    )


CASES: dict[SearchRefusal, Callable[[Get], object]] = {
    SearchRefusal.CONTACT_IN_LINE: write_number,
    SearchRefusal.WRITTEN_JUST_NOW: write_twice,
    SearchRefusal.NAME_MISSING: search_without_a_name,
    SearchRefusal.NO_LONGER_SEARCHING: invite,
    SearchRefusal.ALREADY_INVITED: invite_twice,
    SearchRefusal.TOO_MANY_INVITATIONS: invite_many,
    SearchRefusal.INVITATION_GONE: accept_after_declining,
}


@pytest.mark.parametrize("code", SearchRefusal)
def test_each_refusal(code, request, db):
    with refuses(code) as caught:
        CASES[code](request.getfixturevalue)

    assert "{" not in caught.value.refusal.message
