"""What organizers do with teams, by programs."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from teams.models import Membership, Team
from tests.conftest import NOON, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client_of: Callable[[User], Client]) -> Callable[..., Any]:
    def act(user: User, method: str, address: str, body: Any) -> Any:
        return getattr(client_of(user), method)(
            f"/api/v1/{address}/", body, content_type="application/json"
        )

    return act


@time_machine.travel(NOON, tick=False)
def test_teams_are_split_members_move_and_teams_merge(
    ask: Callable[..., Any], eve: User, ben: User, ada: User, comunik: Team, infocom: Department
) -> None:
    bens = Membership.objects.get(user=ben)
    split = {"members": [bens.pk], "name": "Lampes"}

    new = ask(eve, "post", f"teams/{comunik.pk}/split", split)
    back = ask(eve, "patch", f"members/{bens.pk}", {"team": comunik.pk})
    merged = ask(eve, "post", f"teams/{new.json()['id']}/merge", {"into": comunik.pk})
    nobody_left = {"members": [m["id"] for m in merged.json()["members"]], "name": "Vide"}
    refused = ask(eve, "post", f"teams/{comunik.pk}/split", nobody_left)

    assert (new.status_code, [m["user"] for m in new.json()["members"]]) == (201, [ben.pk])
    assert back.json()["id"] == merged.json()["id"] == comunik.pk
    assert {m["user"] for m in merged.json()["members"]} == {ada.pk, ben.pk}
    assert not Team.objects.filter(name="Lampes").exists()
    assert (refused.status_code, refused.json()["code"]) == (409, "nobody_left")
    assert ask(ada, "post", f"teams/{comunik.pk}/split", split).status_code == 404


@time_machine.travel(NOON, tick=False)
def test_captains_change_and_teams_change_their_department(
    ask: Callable[..., Any], eve: User, ada: User, ben: User, comunik: Team, edition: Edition
) -> None:
    gea = Department.objects.create(edition=edition, code="GEA", name="Gestion")
    bens = Membership.objects.get(user=ben)
    stranger = make_team(gea, "Autre", make_user("zoe@example.org", "Zoé")).memberships.get()

    passed = ask(ada, "put", f"teams/{comunik.pk}/captain", {"member": bens.pk})
    elsewhere = ask(eve, "put", f"teams/{comunik.pk}/captain", {"member": stranger.pk})
    moved = ask(eve, "put", f"teams/{comunik.pk}/department", {"department": "gea"})
    unknown = ask(eve, "put", f"teams/{comunik.pk}/department", {"department": "RIEN"})

    assert [m["user"] for m in passed.json()["members"] if m["is_captain"]] == [ben.pk]
    assert elsewhere.status_code == 404
    assert moved.json()["department"] == "GEA"
    assert unknown.status_code == 400


@time_machine.travel(NOON, tick=False)
def test_programs_read_and_write_each_field_that_the_page_edits(
    ask: Callable[..., Any], eve: User, comunik: Team
) -> None:
    fields = {"name": "Phares", "project": "Une lampe", "room": "B2", "floor": 2}

    changed = ask(eve, "patch", f"teams/{comunik.pk}", fields)
    too_high = ask(eve, "patch", f"teams/{comunik.pk}", {"floor": 61})
    blank = ask(eve, "patch", f"teams/{comunik.pk}", {"name": " "})
    too_long = ask(eve, "patch", f"teams/{comunik.pk}", {"room": "B" * 41})

    assert set(Team.EDITABLE) <= changed.json().keys()
    assert {name: changed.json()[name] for name in fields} == fields
    assert {answer.status_code for answer in (too_high, blank, too_long)} == {400}
