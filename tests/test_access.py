from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.access.reads import GET
from tests.access.roles import EVERYBODY, NOBODY_YET, ON_POSTGRES, browser_of
from tests.access.writes import POST
from tests.addresses import World, routes
from tests.conftest import NOON
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
    table = TABLES[method]
    signed_in = browser_of(role, request)
    outcomes, expected = {}, {}

    with time_machine.travel(NOON, tick=False), without_page_not_found():
        for route in world.routes():
            if route.name not in table:
                continue
            browser = Client()
            browser.cookies.update(signed_in.cookies)
            # Each request finds the same rows and, for limits, an empty cache.
            with transaction.atomic():
                outcomes[str(route)] = outcome(getattr(browser, method)(route.url))
                transaction.set_rollback(True)
            cache.clear()
            expected[str(route)] = expected_outcome(role, table[route.name])

    assert outcomes == expected


def expected_outcome(role: str, allowed: frozenset[str]) -> str:
    if role in allowed:
        return "answer"
    return "login" if role == "anonymous" and allowed != NOBODY_YET else "none"
