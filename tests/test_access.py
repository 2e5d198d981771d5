from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from judging.models import Juror
from teams.enums import HelpKind
from teams.models import Duty
from tests.access.reads import GET
from tests.access.roles import EVERYBODY, NOBODY_YET, ON_POSTGRES, SIGNED_IN, browser_of
from tests.access.writes import POST
from tests.addresses import World, routes
from tests.conftest import NOON, make_team, make_user
from tests.responses import without_page_not_found

# Steps of allauth's flows, whose answers depend on the session only.
STEPS_OF_SIGN_IN = {
    "account_complete_password_reset",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_email_verification_sent",
    "account_password_reset_completed",
    "account_signup",
    "mfa_authenticate",
    "socialaccount_login_cancelled",
    "set_language",
}
OF_API = [name for name in GET if name.startswith("api:")]
TABLES = {"get": GET, "post": POST}


def outcome(response: HttpResponse) -> str:
    if response.streaming:
        list(response.streaming_content)  # to the end, which closes the file
    if response.status_code == 401 or (
        response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
    ):
        return "login"
    if response.status_code in (403, 405) or response.status_code >= 500:
        return f"status {response.status_code}"
    return "none" if response.status_code == 404 else "answer"


def test_every_route_is_in_the_table() -> None:
    known = set(GET) | set(POST) | STEPS_OF_SIGN_IN
    assert {r.name for r in routes() if not r.name.startswith("api:")} == known - set(OF_API)
    # What the API writes: test_api_access.py
    assert set(OF_API) <= {r.name for r in routes()}


def outcomes_of(method: str, world: World, signed_in: Client) -> dict[str, str]:
    found = {}
    with time_machine.travel(NOON, tick=False), without_page_not_found():
        for route in world.routes():
            if route.name not in TABLES[method]:
                continue
            browser = Client()
            browser.cookies.update(signed_in.cookies)
            # Each request finds the same rows and, for limits, an empty cache.
            with transaction.atomic():
                found[str(route)] = outcome(getattr(browser, method)(route.url))
                transaction.set_rollback(True)
            cache.clear()
    return found


def name_of(route: str) -> str:
    return route.partition("/")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role",
    [
        pytest.param(role, marks=[pytest.mark.database] if role in ON_POSTGRES else [])
        for role in sorted(EVERYBODY)
    ],
)
@pytest.mark.parametrize("method", TABLES)
def test_access(
    method: str, role: str, world: World, request: pytest.FixtureRequest, loner: Any
) -> None:
    """All addresses in one test: making the world takes longer than a request."""
    outcomes = outcomes_of(method, world, browser_of(role, request))

    table = TABLES[method]
    assert outcomes == {r: expected_outcome(role, table[name_of(r)]) for r in outcomes}


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_who_reads_what_is_the_same_after_the_publication(
    role: str, world: World, request: pytest.FixtureRequest, loner: Any
) -> None:
    before = NOON - timedelta(minutes=2)
    Edition.objects.update(deliberated_at=before, results_published_at=NOON)

    outcomes = outcomes_of("get", world, browser_of(role, request))

    assert outcomes == {r: expected_outcome(role, GET[name_of(r)]) for r in outcomes}


@pytest.mark.django_db
@pytest.mark.parametrize("method", TABLES)
def test_people_of_another_edition_have_no_right_in_this_one(
    method: str, world: World, edition: Edition, client_of: Callable[[User], Client]
) -> None:
    """An organizer who is also a juror, a helper and a student there."""
    otto, other = make_user("otto@example.org", "Otto"), Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "ccd-2019", False
    other.save()
    other.organizers.add(otto)
    gea = Department.objects.create(edition=other, code="GEA", name="Gestion")
    info = Department.objects.create(edition=other, code="INFO", name="Informatique")
    make_team(gea, "Les Autres", otto)
    Juror.objects.create(department=info, user=otto, is_president=True)
    Duty.objects.create(edition=other, user=otto, kind=HelpKind.TECHNICAL)

    outcomes = outcomes_of(method, world, client_of(otto))

    table = TABLES[method]
    own = {"editions:list", "editions:create"}  # of all that he organizes
    expected = {
        route: "answer" if table[name_of(route)] >= SIGNED_IN or name_of(route) in own else "none"
        for route in outcomes
    }
    assert outcomes == expected


def expected_outcome(role: str, allowed: frozenset[str]) -> str:
    if role in allowed:
        return "answer"
    return "login" if role == "anonymous" and allowed != NOBODY_YET else "none"
