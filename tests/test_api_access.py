"""Who may write what by the API: with valid bodies, in two editions, also after the publication."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from hackathon.base.accounts.models import User
from hackathon.base.accounts.tokens import services as tokens
from hackathon.base.core.scopes import Scope
from hackathon.event.editions.models import Edition
from tests.access.reads import GET
from tests.access.roles import (
    EVERYBODY,
    ORGANIZER,
    SIGNED_IN,
    STUDENTS,
    TEAM,
    browser_of,
    is_asked,
    person_of,
)
from tests.addresses import PK_OF, World
from tests.conftest import NOON, make_team, make_user
from tests.extras import gathered

pytestmark = pytest.mark.django_db
LATER = (NOON + timedelta(hours=1)).isoformat()
NEW_TEAM = {"department": "INFOCOM", "name": "Lampes"}


# Who may do something, by the scope that a token needs for it. One of them is enough: an organizer
# changes a team with `organize`, its members with `hand_in`.
type Rights = dict[Scope, frozenset[str]]
HAND_IN = Scope.HAND_IN
ORGANIZING: Rights = {Scope.ORGANIZE: ORGANIZER}
OF_TEAM: Rights = {HAND_IN: TEAM} | ORGANIZING

# Each body is valid, so that only the right decides. Refusals by a rule count as permitted.
WRITES: list[tuple[str, str, Any, Rights]] = [
    ("announcements", "post", {"audience": "everyone", "body": "x"}, {Scope.ANNOUNCE: ORGANIZER}),
    ("announcement", "patch", {"body": "y"}, {Scope.ANNOUNCE: ORGANIZER}),
    ("announcement", "delete", None, {Scope.ANNOUNCE: ORGANIZER}),
    ("edition", "patch", {"grace_seconds": 60}, ORGANIZING),
    ("edition-preview", "post", {"grace_seconds": 60}, ORGANIZING),
    ("extensions", "post", {"department": "INFOCOM", "minutes": 9, "reason": "x"}, ORGANIZING),
    ("extension", "delete", None, ORGANIZING),
    ("milestones", "post", {"kind": "halfway", "label": "x", "at": LATER}, ORGANIZING),
    ("milestone", "patch", {"label": "y"}, ORGANIZING),
    ("milestone", "delete", None, ORGANIZING),
    ("people", "post", {"email": "loner@example.org", "role": "technical"}, ORGANIZING),
    ("submissions", "post", "file", {HAND_IN: TEAM}),
    ("team", "patch", {"project": "x"}, OF_TEAM),
    ("team", "delete", None, ORGANIZING),
    ("team-members", "post", {"emails": ["loner@example.org"]}, ORGANIZING),
    ("teams", "post", NEW_TEAM, {HAND_IN: SIGNED_IN} | ORGANIZING),
]
OWN_EDITION = {"announcements", "edition", "edition-preview", "milestones", "people", "teams"}
# Of this edition, which is none of the other one.
NAMES_A_DEPARTMENT = {"extensions", "teams"}
PERMITTED = dict.fromkeys([200, 201, 204, 409], "permitted")
OUTCOMES = {401: "login", 403: "scope", 404: "none", **PERMITTED}


def of_any_scope(rights: Rights) -> frozenset[str]:
    return frozenset().union(*rights.values())


def ask(browser: Client, world: World, name: str, method: str, body: Any, query: str = "") -> str:
    kwargs = {}
    if f"api:{name}" in PK_OF:
        kwargs = {"pk": world.objects[PK_OF[f"api:{name}"]].pk}
    url = reverse(f"api:{name}", kwargs=kwargs) + query
    with transaction.atomic():  # each request finds the same rows
        if body == "file":
            file = SimpleUploadedFile("dossier.pdf", b"%PDF-1.4 new")
            given = {"deliverable": world.objects["deliverable"].pk, "file": file}
            answer = getattr(browser, method)(url, given)
        else:
            answer = getattr(browser, method)(url, body, content_type="application/json")
        if answer.streaming:
            list(answer.streaming_content)  # to the end, which closes the file
        transaction.set_rollback(True)
    cache.clear()
    return OUTCOMES.get(answer.status_code, f"{answer.status_code} {answer.content!r}")


def test_every_write_of_the_api_is_in_the_table():
    urls = next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/").url_patterns
    methods = ("post", "put", "patch", "delete")
    views = {p.name: p.callback.cls for p in urls if p.name}
    found = {
        (n, method) for n, view in views.items() for method in methods if hasattr(view, method)
    }
    read = {f"api:{name}" for name, view in views.items() if hasattr(view, "get")}

    assert found == {(name, method) for name, method, _body, _rights in WRITES}
    assert read == {name for name in GET if name.startswith("api:")}


@pytest.mark.parametrize(
    "phase", [pytest.param("running", marks=pytest.mark.database), "published"]
)
def test_writes(phase, world, edition, request, loner):
    if phase == "published":
        Edition.objects.update(
            deliberated_at=NOON - timedelta(minutes=2), results_published_at=NOON
        )
    wrong = {}

    with time_machine.travel(NOON, tick=False):
        for role in sorted(EVERYBODY):
            browser = browser_of(role, request)
            for name, method, body, rights in WRITES:
                if not is_asked(role, of_any_scope(rights)):
                    continue
                right = "permitted" if role in of_any_scope(rights) else "none"
                right = "login" if role == "anonymous" else right
                found = ask(browser, world, name, method, body)
                if found != right:
                    wrong[role, name, method] = found

    assert wrong == {}


def program(user: User, scopes: Collection[Scope]) -> Client:
    made = {"name": "x", "scopes": scopes, "by": user, "at": NOON}
    _, token = tokens.create(user, expires_at=NOON + tokens.LONGEST, **made)
    return Client(headers={"Authorization": f"Bearer {token}"})


ALONE = [[], *([scope] for scope in Scope)]
TOGETHER = [[scope for scope in Scope if scope != Scope.ORGANIZE], list(Scope)]


@pytest.mark.parametrize("scopes", [*ALONE, *TOGETHER], ids=str)
def test_writes_by_token_need_the_scope_of_the_right_that_is_used(scopes, world, request, loner):
    """Who has no right with all scopes together is refused, with either answer."""
    wrong = {}

    with time_machine.travel(NOON, tick=False):
        for role in sorted(SIGNED_IN):
            token = program(person_of(role, request), scopes)
            for name, method, body, rights in WRITES:
                needed = {scope for scope, roles in rights.items() if role in roles}
                if not needed and scopes != list(Scope):
                    continue
                right = {"permitted"} if needed & set(scopes) else {"scope"}
                found = ask(token, world, name, method, body)
                if found not in (right if needed else {"scope", "none"}):
                    wrong[role, name, method] = found

    assert wrong == {}


def test_without_organize_the_program_of_an_organizer_is_that_of_a_member(
    world, edition, info, eve
):
    """It sees no more in the answers either."""
    own = make_team(info, "Les Siens", eve)
    token = program(eve, [Scope.HAND_IN])
    kind = {"content_type": "application/json"}
    other = world.objects["team"]

    with time_machine.travel(NOON, tick=False):
        changed = token.patch(f"/api/v1/teams/{own.pk}/", {"room": "101"}, **kind)
        refused = [
            token.patch(f"/api/v1/teams/{other.pk}/", {"room": "101"}, **kind),
            token.delete(f"/api/v1/teams/{other.pk}/"),
            token.delete(f"/api/v1/teams/{own.pk}/"),
        ]
        renamed = token.patch(f"/api/v1/teams/{own.pk}/", {"name": "Autre"}, **kind)

    assert changed.json()["room"] == "101"
    for answer in refused:
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        assert answer["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="organize"'
        assert own.name not in answer.content.decode()
        assert other.join_code not in answer.content.decode()
    assert renamed.json()["code"] == "registration_closed"  # organizers may at any time
    assert set(edition.teams.all()) >= {own, other}


STRANGERS = ("cleo", "dan", "loner", "max")


def test_to_strangers_any_body_is_404(world, edition, request, loner):
    otto, other = make_user("otto@example.org", "Otto"), Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "ccd-2019", False
    other.save()
    other.organizers.add(otto)
    concerned = {"submissions": STUDENTS | ORGANIZER}  # the body says of which team
    people = {role: person_of(role, request) for role in STRANGERS} | {"otto": otto}
    wrong = {}

    for role, person in people.items():
        browser = Client()
        browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        with_key = Client(headers={"Idempotency-Key": "a key"})
        with_key.cookies = browser.cookies
        sent = [(browser, '{"zz": 1}'), (browser, "{"), (with_key, "[]")]
        for name, method, _body, rights in WRITES:
            allowed = concerned.get(name, of_any_scope(rights))
            if role in allowed or allowed >= SIGNED_IN:
                continue
            for client, body in sent:
                found = ask(client, world, name, method, body)
                if found != "none":
                    wrong[role, name, method, body] = found

    assert wrong == {}


def test_the_organizer_of_another_edition_has_no_right_in_this_one(world, edition, client_of, eve):
    otto = make_user("otto@example.org", "Otto")
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "ccd-2019", False
    other.save()
    other.organizers.add(otto)
    ottos, eves, query = client_of(otto), client_of(eve), "?edition=ccd-2019"
    known = PK_OF | gathered("pk_of")
    reads = [name for name in GET if name.startswith("api:") and name not in known]
    reads = [n for n in reads if n not in ("api:editions", "api:schema")]
    wrong = {}

    with time_machine.travel(NOON, tick=False):
        for name, method, body, rights in WRITES:
            found = {
                "his on ours": ask(ottos, world, name, method, body),
                "ours on his": ask(eves, world, name, method, body, query),
                "his on his": ask(ottos, world, name, method, body, query),
            }
            right = {
                "his on ours": "permitted" if of_any_scope(rights) >= SIGNED_IN else "none",
                "ours on his": "none",
                "his on his": "permitted" if name in OWN_EDITION else "none",
            }
            if name in NAMES_A_DEPARTMENT:
                del found["his on his"], right["his on his"]
            if found != right:
                wrong[name, method] = found
        his = {name: ottos.get(reverse(name) + query).status_code for name in reads}
        ours = {name: eves.get(reverse(name) + query).status_code for name in reads}

    assert wrong == {}
    assert set(his.values()) == {200}
    assert set(ours.values()) == {404}
