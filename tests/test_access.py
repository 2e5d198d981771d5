"""Who gets an answer from each address: reading, and with a valid form, in two editions, before and
after the publication.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hackathon.base.core import extras
from hackathon.event.editions.models import Department, Edition
from judging.models import Juror
from teams.enums import HelpKind
from teams.models import Duty
from tests.access.bodies import body_of
from tests.access.reads import GET, GET_PUBLISHED
from tests.access.roles import (
    EVERYBODY,
    NOBODY_YET,
    READER,
    SIGNED_IN,
    browser_of,
    held_back,
    is_asked,
)
from tests.access.writes import POST
from tests.addresses import Route, World, routes
from tests.conftest import NOON, make_team, make_user
from tests.responses import without_page_not_found, without_rendering

pytestmark = pytest.mark.django_db

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
PHASES = [pytest.param("running", marks=pytest.mark.database), "published"]
type Bodies = Mapping[str, Any]


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


def test_every_route_is_in_the_table():
    known = set(GET) | set(POST) | STEPS_OF_SIGN_IN
    assert {r.name for r in routes() if not r.name.startswith("api:")} == known - set(OF_API)
    # What the API writes: test_api_access.py
    assert set(OF_API) <= {r.name for r in routes()}


def send(signed_in: Client, route: Route, body: Any = None) -> HttpResponse:
    """Each request finds the same rows and, for limits, an empty cache. A text is JSON."""
    browser = Client()
    browser.handler = signed_in.handler  # to load the middleware takes 5 ms
    browser.cookies.update(signed_in.cookies)
    kind = {"content_type": "application/json"} if isinstance(body, str) else {}
    for value in body.values() if isinstance(body, dict) else ():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)  # it was sent before
    with transaction.atomic():
        found = browser.get(route.url) if body is None else browser.post(route.url, body, **kind)
        transaction.set_rollback(True)
    cache.clear()
    return found


def publish() -> None:
    before = NOON - timedelta(minutes=2)
    Edition.objects.update(deliberated_at=before, results_published_at=NOON)


def of_table(world: World, table: Mapping[str, Any]) -> list[Route]:
    return [route for route in world.routes() if route.name in table]


def signed_in(request: pytest.FixtureRequest) -> dict[str, Client]:
    return {role: browser_of(role, request) for role in sorted(EVERYBODY)}


def different(
    browsers: Mapping[str, Client], found: list[Route], table: Mapping[str, Any], bodies: Bodies
) -> dict[tuple[str, str], str]:
    """By role and address: what happened, where the table says otherwise."""
    wrong = {}
    for role, browser in browsers.items():
        for route in found:
            allowed = table[route.name]
            if not is_asked(role, allowed):
                continue
            happened = outcome(send(browser, route, bodies.get(str(route))))
            if happened != expected_outcome(role, allowed, writes=table is POST):
                wrong[role, str(route)] = happened
    return wrong


@pytest.mark.parametrize("phase", PHASES)
def test_who_reads(phase, world, request, loner):
    """All in one test: making the world takes longer than many requests."""
    browsers = signed_in(request)
    table = GET
    if phase == "published":
        publish()
        table = GET_PUBLISHED

    # A template runs queries too: PostgreSQL must have seen each of them once.
    is_postgres = connection.vendor == "postgresql"
    without = without_page_not_found if is_postgres else without_rendering
    with time_machine.travel(NOON, tick=False), without():
        wrong = different(browsers, of_table(world, table), table, {})

    assert wrong == {}


@pytest.mark.parametrize("phase", PHASES)
def test_who_writes(phase, world, request, loner):
    browsers = signed_in(request)
    with time_machine.travel(NOON, tick=False), without_rendering():
        bodies = valid_bodies(world, browsers)
        if phase == "running":
            assert errors_of_forms(world, browsers, bodies) == {}
        else:
            publish()
        wrong = different(browsers, of_table(world, POST), POST, bodies)

    assert wrong == {}


# The code must be one that was just made; the options of the other one are in its address.
WITHOUT_VALID_BODY = {"accounts:enter", "imports:complete"}
# Who fills the forms in. The first of them who may.
FIRST = ("ada", "eve", "diane", "dan", "max", "ben", "cleo", "loner", "anonymous")


def errors_of_forms(world: World, browsers: Mapping[str, Client], bodies: Bodies) -> dict[str, Any]:
    """Errors of fields only: an act that a rule refuses at this instant can have a valid body."""
    found = {}
    for route in of_table(world, POST):
        if (role := first(route, browsers)) and route.name not in WITHOUT_VALID_BODY:
            response = send(browsers[role], route, bodies[str(route)])
            form = (response.context or {}).get("form")
            errors = dict(getattr(form, "errors", {}))
            errors.pop("__all__", None)
            if errors or response.status_code == 400:
                found[route.name] = errors or response.status_code
    return found


def first(route: Route, browsers: Mapping[str, Client]) -> str | None:
    may = (role for role in FIRST if role in POST[route.name] and role in browsers)
    return next(may, None)


def valid_bodies(world: World, browsers: Mapping[str, Client]) -> dict[str, Any]:
    bodies = {}
    for route in of_table(world, POST):
        role = first(route, browsers)
        empty = send(browsers[role], route, {}) if role else None
        bodies[str(route)] = body_of(route.name, empty, world)
    return bodies


def test_people_of_another_edition_have_no_right_in_this_one(world, edition, request, client_of):
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
    # Of all that he organizes, and of the site.
    own = {"editions:list", "editions:create", "site:legal-edit"}
    own |= {page.url_name for page in extras.overviews([other])}
    wrong = {}

    with time_machine.travel(NOON, tick=False), without_rendering():
        bodies, ottos = valid_bodies(world, signed_in(request)), client_of(otto)
        for table, sent in ((GET, {}), (POST, bodies)):
            for route in of_table(world, table):
                may = table[route.name] >= SIGNED_IN or route.name in own
                happened = outcome(send(ottos, route, sent.get(str(route))))
                if happened != ("answer" if may else "none"):
                    wrong[str(route), len(sent)] = happened

    assert wrong == {}


ASKS_EVERYBODY = {"accounts:tokens", "privacy:own", "privacy:download"}


def test_an_organizer_without_the_second_factor_is_one_of_all_who_are_signed_in(
    world, request, eve, settings
):
    """And is led to the proof where organizers get an answer and others don't. An organizer who has
    none although it is required is the same: tests/accounts/test_second_factor.py.
    """
    proof = reverse("mfa_reauthenticate")
    wrong = {}

    with time_machine.travel(NOON, tick=False):
        bodies = valid_bodies(world, signed_in(request))
        browser = held_back(eve, settings)
        with without_rendering():
            for table, sent in ((GET, {}), (POST, bodies)):
                for route in of_table(world, table):
                    response = send(browser, route, sent.get(str(route)))
                    is_led = response.get("Location", "").partition("?")[0] == proof
                    allowed = table[route.name]
                    right = "answer" if {"eve", "loner"} <= allowed else "none"
                    if route.name in ASKS_EVERYBODY or (right == "none" and "eve" in allowed):
                        is_right = is_led
                    else:  # where an organizer is refused too, the proof may come before
                        is_right = outcome(response) == right or (is_led and right == "none")
                    if not is_right:
                        wrong[str(route), len(sent)] = response.status_code

    assert wrong == {}


def expected_outcome(role: str, allowed: frozenset[str], *, writes: bool) -> str:
    if role in allowed:
        return "answer"
    if writes and role in READER:
        return "status 403"
    return "login" if role == "anonymous" and allowed != NOBODY_YET else "none"
