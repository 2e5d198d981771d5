"""What organizers prepare, by programs."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department, Edition
from submissions.models import Deliverable
from teams.models import Team
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

type Ask = Callable[..., Any]


@pytest.fixture
def ask(client_of: Callable[[User], Client]) -> Ask:
    def act(user: User, method: str, address: str, body: Any = None) -> Any:
        return getattr(client_of(user), method)(
            f"/api/v1/{address}/", body, content_type="application/json"
        )

    return act


@time_machine.travel(NOON, tick=False)
def test_departments_are_added_renamed_and_deleted(
    ask: Ask, eve: User, ada: User, comunik: Team, infocom: Department
) -> None:
    made = ask(eve, "post", "departments", {"code": "gea", "name": "Gestion"})
    one = f"departments/{made.json()['id']}"

    renamed = ask(eve, "patch", one, {"name": "Gestion des entreprises"})
    taken = ask(eve, "patch", one, {"code": "INFOCOM"})
    wrong = ask(eve, "patch", one, {"code": "G E A"})
    used = ask(eve, "delete", f"departments/{infocom.pk}")
    gone = ask(eve, "delete", one)

    assert (made.status_code, made.json()["code"]) == (201, "GEA")
    assert renamed.json()["name"] == "Gestion des entreprises"
    assert (taken.status_code, taken.json()["code"]) == (409, "department_code_taken")
    assert wrong.status_code == 400
    assert (used.status_code, used.json()["code"]) == (409, "department_in_use")
    assert gone.status_code == 204
    assert ask(ada, "post", "departments", {"code": "x", "name": "x"}).status_code == 404


@time_machine.travel(NOON, tick=False)
def test_deliverables_are_asked_for_changed_and_withdrawn(
    ask: Ask, eve: User, ada: User, comunik: Team, infocom: Department
) -> None:
    film = {"department": "INFOCOM", "name": "Film", "kind": "file", "formats": ["mp4"]}
    made = ask(eve, "post", "deliverables", film)
    one = f"deliverables/{made.json()['id']}"

    changed = ask(eve, "patch", one, {"kind": "link", "required": False})
    asked = [line["name"] for line in ask(ada, "get", "deliverables").json()]
    wrong = ask(eve, "patch", one, {"formats": ["*.exe"]})
    gone = ask(eve, "delete", one)

    assert (made.status_code, made.json()["formats"]) == (201, ["mp4"])
    assert (changed.json()["kind"], changed.json()["formats"]) == ("link", [])
    assert changed.json()["required"] is False
    assert "Film" in asked
    assert wrong.status_code == 400
    assert gone.status_code == 204
    assert not Deliverable.objects.filter(name="Film").exists()


@time_machine.travel(NOON, tick=False)
def test_an_edition_is_cloned_as_a_draft(
    ask: Ask, eve: User, ada: User, edition: Edition, infocom: Department
) -> None:
    body = {"source": edition.slug, "slug": "ccd-2021", "name": "2021"}
    body["starts_at"] = "2021-02-11T08:30:00+01:00"

    made = ask(eve, "post", "editions", body)
    again = ask(eve, "post", "editions", body)

    copy = Edition.objects.get(slug="ccd-2021")
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert copy.departments.get().code == infocom.code
    assert list(copy.organizers.all()) == [eve]
    assert (again.status_code, again.json()["code"]) == (409, "slug_taken")
    assert ask(ada, "post", "editions", {**body, "slug": "x"}).status_code == 404
