"""The people whose requests are compared, and their browsers."""

from collections.abc import Mapping
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from hackathon.base.accounts.models import User
from tests.conftest import prove
from tests.extras import gathered

EVERYBODY = frozenset(
    ["anonymous", "ada", "ben", "cleo", "loner", "dan", "diane", "max", "eve", "rhea", "dora"]
)
SIGNED_IN = EVERYBODY - {"anonymous"}
TEAM = frozenset(["ada", "ben"])  # of the team whose objects are requested
STUDENTS = TEAM | {"cleo"}  # of any team, for pages about the own team
JURY = frozenset(["dan", "diane", "max"])
CLIENT = frozenset(["max"])
PRESIDENT = frozenset(["diane"])
TEACHERS = frozenset(["dan", "diane"])  # they answer the world's call; max is the client
ORGANIZER = frozenset(["eve"])
READER, DESK = frozenset(["rhea"]), frozenset(["dora"])
SERVING = frozenset(["dan"]) | ORGANIZER | DESK  # dan answers the calls for technical help too
# Their requests make the queries of all roles. PostgreSQL can make no difference to the others.
ON_POSTGRES = frozenset(["ada", "diane", "eve"])
NOBODY_YET = frozenset(["not yet"])  # 404 also when signed out: results are not published


# What a colleague who keeps the desk reads and writes beside what everybody may who is signed in.
DESK_READS = {"people:desk", "submissions:extensions", "teams:absent-members"}
DESK_WRITES = DESK_READS - {"people:desk"} | {
    "people:send-code",
    "submissions:extension-revoke",
    "teams:entry-code",
    "teams:absence",
}
# Files with everything of everybody, and what health or religion can be read from.
NOT_FOR_READERS = {
    "submissions:archive",
    "submissions:archive-department",
    "submissions:archive-team",
}


def with_colleagues(
    table: Mapping[str, frozenset[str]], *, reads: bool
) -> dict[str, frozenset[str]]:
    """Readers read what organizers do."""
    found, hidden = {}, NOT_FOR_READERS | gathered("unread").keys()
    for name, allowed in table.items():
        if name in (DESK_READS if reads else DESK_WRITES):
            allowed |= DESK
        if reads and allowed >= ORGANIZER and name not in hidden:
            allowed |= READER
        found[name] = allowed
    return found


def is_asked(role: str, allowed: frozenset[str]) -> bool:
    """PostgreSQL runs the queries of the views. Refusals are the same on both databases."""
    return connection.vendor != "postgresql" or role in allowed & ON_POSTGRES


def person_of(role: str, request: pytest.FixtureRequest) -> User:
    return request.getfixturevalue(f"{role}_user" if role in JURY else role)


def held_back(eve: User, settings: Any) -> Client:
    """A browser of hers, an organizer's, without the second factor that she has."""
    Authenticator.objects.create(user=eve, type=Authenticator.Type.TOTP, data={})
    browser = Client()
    browser.force_login(eve, backend=settings.AUTHENTICATION_BACKENDS[0])
    prove(browser, eve)
    return browser


def browser_of(role: str, request: pytest.FixtureRequest) -> Client:
    browser = Client()
    if role != "anonymous":
        browser.force_login(
            person_of(role, request),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        prove(browser, person_of(role, request))
    return browser
