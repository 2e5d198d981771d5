from typing import Any

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.event.editions.models import Edition
from teams.enums import HelpKind
from teams.models import Membership, Team
from teams.services import calls, duties, membership, teams
from tests.conftest import NOON
from tests.teams.conftest import EVENING, place_of, published


def test_who_registers_a_team_is_its_captain(edition, infocom, fay):
    team = teams.register(
        edition, infocom, "  Les   Five ", by=fay, at=EVENING, room="208", floor=2
    )

    place = place_of(fay)
    assert (team.name, team.room, team.floor, team.registered_at) == ("Les Five", "208", 2, EVENING)
    assert (place.team, place.is_captain) == (team, True)
    assert published() == {
        ("everyone", "team.registered"),
        (f"team:{team.pk}", "membership.changed"),
        ("organizers", "membership.changed"),
    }
    message = LiveMessage.objects.get(type="team.registered")
    assert message.data == {"team": team.pk, "department": "INFOCOM"}
    assert JournalEntry.objects.get().act == "team.registered"


def test_an_organizer_registers_a_late_team_for_its_captain(edition, infocom, fay, eve):
    team = teams.register(edition, infocom, "Tardifs", by=eve, at=NOON, captain=fay)

    assert place_of(fay).team == team
    assert not Membership.objects.filter(user=eve).exists()


def test_the_first_to_join_an_empty_team_is_its_captain(edition, infocom, fay, cleo, eve):
    team = teams.register(edition, infocom, "Tardifs", by=eve, at=EVENING)

    membership.join(team, by=fay, at=EVENING)
    membership.join(team, by=cleo, at=EVENING)

    assert place_of(fay).is_captain
    assert not place_of(cleo).is_captain


def test_a_captain_edits_the_room_at_any_time(comunik, ada):
    teams.edit(comunik, by=ada, at=NOON, name="Com’unik", room="215", floor=None)

    comunik.refresh_from_db()
    assert (comunik.name, comunik.room, comunik.floor) == ("Com’unik", "215", None)
    assert published() == {
        ("everyone", "team.updated"),
        (f"team:{comunik.pk}", "own_team.changed"),
    }
    assert JournalEntry.objects.get().detail == {
        "changes": {"room": ["214", "215"], "floor": [2, None]}
    }


def test_teams_of_a_draft_edition_are_not_announced(edition, infocom, fay, eve):
    Edition.objects.update(is_current=False)
    edition.refresh_from_db()

    team = teams.register(edition, infocom, "Les Five", by=eve, at=EVENING, room="208")
    teams.edit(team, name="Les Six", by=eve, at=EVENING)
    membership.join(team, by=fay, at=EVENING)
    call = calls.request(team=team, kind=HelpKind.CLIENT, by=fay, at=NOON)
    calls.claim(call=call, by=eve, at=NOON)
    teams.dissolve(team, by=eve, at=NOON)

    assert published() == set()


def test_an_edit_that_changes_nothing_publishes_nothing(comunik, ada):
    teams.edit(comunik, by=ada, at=NOON, room="214")

    assert published() == set()
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("typed", ["{code}", " {lower} ", "{spaced}", "{dashed}"])
def test_a_code_is_accepted_in_any_spelling(comunik, fay, typed):
    code = comunik.join_code
    text = typed.format(
        code=code,
        lower=code.lower(),
        spaced=f"{code[:3]} {code[3:]}",
        dashed=f"{code[:3]}-{code[3:]}",
    )

    place = membership.join(
        membership.team_of_code(comunik.edition, text, by=fay), by=fay, at=EVENING
    )

    assert (place.team, place.user, place.is_captain) == (comunik, fay, False)
    assert published() == {
        (f"team:{comunik.pk}", "membership.changed"),
        ("organizers", "membership.changed"),
    }


def test_a_member_leaves(comunik, ben):
    membership.leave(place_of(ben), by=ben, at=EVENING)

    assert not Membership.objects.filter(user=ben).exists()
    assert published() == {
        (f"team:{comunik.pk}", "membership.changed"),
        ("organizers", "membership.changed"),
    }


def test_the_last_member_who_leaves_dissolves_the_team(pixels, cleo):
    membership.leave(place_of(cleo), by=cleo, at=EVENING)

    assert not Team.objects.filter(pk=pixels.pk).exists()
    assert ("everyone", "team.dissolved") in published()
    assert list(JournalEntry.objects.values_list("act", flat=True)) == [
        "team.dissolved",
        "membership.left",
    ]


def test_a_captain_passes_the_role_on_even_after_registration_has_closed(comunik, ada, ben):
    membership.pass_captaincy(comunik, place_of(ben), by=ada, at=NOON)

    assert place_of(ben).is_captain
    assert not place_of(ada).is_captain


def test_when_the_captain_is_removed_the_first_member_becomes_captain(full, ada, ben, eve):
    membership.remove(place_of(ada), by=eve, at=NOON)

    assert place_of(ben).is_captain
    assert full.memberships.filter(is_captain=True).count() == 1


def test_a_refused_service_writes_nothing(full, fay):
    with pytest.raises(Refused):
        membership.join(full, by=fay, at=EVENING)

    assert full.memberships.count() == 3
    assert published() == set()
    assert not JournalEntry.objects.exists()


def test_only_an_organizer_makes_accounts_by_address(edition, infocom, fay):
    given: dict[str, Any] = {"edition": edition, "department": infocom, "by": fay, "at": EVENING}

    with pytest.raises(Refused):
        teams.register(name="Tardifs", captain_email="zoe@example.org", **given)
    with pytest.raises(Refused):
        duties.give(email="zoe@example.org", kind=HelpKind.TEACHER, **given)

    assert not User.objects.filter(email="zoe@example.org").exists()
