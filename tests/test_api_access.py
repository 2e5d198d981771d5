"""Who may write what by the API: with valid bodies, in two editions, also after the publication."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from hackathon.accounts.models import User
from hackathon.editions.models import Edition
from tests.access.reads import GET
from tests.access.roles import (
    CLIENT,
    EVERYBODY,
    JURY,
    ORGANIZER,
    PRESIDENT,
    SIGNED_IN,
    STUDENTS,
    TEACHERS,
    TEAM,
    browser_of,
)
from tests.addresses import PK_OF, World
from tests.conftest import NOON, make_user

pytestmark = pytest.mark.django_db
LATER = (NOON + timedelta(hours=1)).isoformat()
NEW_BRIEF = {"title": "Sujet", "body": "Texte", "published_at": LATER}
QUESTION = {"to": "client", "topic": "other", "body": "Quand ?"}
NEW_CRITERION = {"department": "INFOCOM", "name": "Oral", "weight": 2}
NEW_JUROR = {"department": "INFOCOM", "email": "jo@example.org", "name": "Jo"}
NEW_DELIVERABLE = {"department": "INFOCOM", "name": "Film", "kind": "link"}
CLONE = {"source": "edition", "slug": "ccd-2027", "name": "CCD 2027", "starts_at": LATER}
DECISION = {"nominees": [], "places": [], "seen": "0"}
NEW_TEAM = {"department": "INFOCOM", "name": "Lampes"}

DAN = frozenset(["dan"])  # the world's recusal is his

# Each body is valid, so that only the right decides. Refusals by a rule count as permitted.
WRITES: list[tuple[str, str, Any, frozenset[str]]] = [
    ("announcements", "post", {"audience": "everyone", "body": "x"}, ORGANIZER),
    ("announcement", "patch", {"body": "y"}, ORGANIZER),
    ("announcement", "delete", None, ORGANIZER),
    ("brief", "put", NEW_BRIEF, ORGANIZER),
    ("criteria", "post", NEW_CRITERION, ORGANIZER),
    ("criterion", "patch", {"name": "Écrit"}, ORGANIZER | PRESIDENT),
    ("criterion", "delete", None, ORGANIZER),
    ("deliberation", "put", DECISION, PRESIDENT),
    ("deliberation-lock", "put", None, PRESIDENT),
    ("deliberation-opening", "put", None, PRESIDENT),
    ("deliberation-reopening", "post", {"reason": "Une erreur"}, PRESIDENT),
    ("deliberation-second-readings", "post", {"seen": "0"}, PRESIDENT),
    ("deliberation-signature", "put", {"seen": LATER}, JURY),
    ("deliverables", "post", NEW_DELIVERABLE, ORGANIZER),
    ("deliverable", "patch", {"required": False}, ORGANIZER),
    ("deliverable", "delete", None, ORGANIZER),
    ("departments", "post", {"code": "gea", "name": "Gestion"}, ORGANIZER),
    ("department", "patch", {"name": "Gestion"}, ORGANIZER),
    ("department", "delete", None, ORGANIZER),
    ("editions", "post", CLONE, ORGANIZER),
    ("edition", "patch", {"grace_seconds": 60}, ORGANIZER),
    ("edition-preview", "post", {"grace_seconds": 60}, ORGANIZER),
    ("extensions", "post", {"department": "INFOCOM", "minutes": 9, "reason": "x"}, ORGANIZER),
    ("extension", "delete", None, ORGANIZER),
    ("help-requests", "post", {"kind": "technical"}, STUDENTS),
    ("help-request", "patch", {"state": "claimed"}, TEAM | TEACHERS | ORGANIZER),
    ("jurors", "post", NEW_JUROR, ORGANIZER),
    ("juror", "patch", {"is_president": True}, ORGANIZER),
    ("juror", "delete", None, ORGANIZER),
    ("juror-departure", "put", None, ORGANIZER),
    ("juror-departure", "delete", None, ORGANIZER),
    ("jury-plan", "put", None, ORGANIZER),
    ("jury-plan", "post", None, ORGANIZER),
    ("jury-plan", "delete", None, ORGANIZER),
    ("jury-readings", "post", {"juror": "juror", "team": "team"}, ORGANIZER),
    ("jury-rules", "patch", {"readings": 2}, ORGANIZER),
    ("member", "delete", None, TEAM | ORGANIZER),
    ("member", "patch", {"team": "team"}, ORGANIZER),
    ("milestones", "post", {"kind": "halfway", "label": "x", "at": LATER}, ORGANIZER),
    ("milestone", "patch", {"label": "y"}, ORGANIZER),
    ("milestone", "delete", None, ORGANIZER),
    ("people", "post", {"email": "loner@example.org", "role": "technical"}, ORGANIZER),
    ("person", "patch", {"active": True}, ORGANIZER),
    ("questions", "post", QUESTION, STUDENTS),
    ("question", "patch", {"state": "taken"}, CLIENT | ORGANIZER),
    ("question-answer", "put", {"text": "Oui."}, CLIENT | ORGANIZER),
    ("recusals", "post", {"juror": "juror", "team": "team", "reason": "x"}, DAN | ORGANIZER),
    ("recusal", "delete", None, DAN | PRESIDENT | ORGANIZER),
    ("sheet", "patch", {"notes": "x"}, JURY),
    ("submissions", "post", "file", TEAM),
    ("team", "patch", {"project": "x"}, TEAM | ORGANIZER),
    ("team", "delete", None, ORGANIZER),
    ("team-absence", "put", None, ORGANIZER),
    ("team-absence", "delete", None, ORGANIZER),
    ("team-captain", "put", {"member": "membership"}, TEAM | ORGANIZER),
    ("team-department", "put", {"department": "INFOCOM"}, ORGANIZER),
    ("team-join", "post", {"code": "ABCDEF"}, SIGNED_IN),
    ("team-members", "post", {"emails": ["loner@example.org"]}, ORGANIZER),
    ("team-merge", "post", {"into": "team"}, ORGANIZER),
    ("team-split", "post", {"members": ["membership"], "name": "Lampes"}, ORGANIZER),
    ("teams", "post", NEW_TEAM, SIGNED_IN),
]
OWN_EDITION = {"announcements", "departments", "edition", "edition-preview", "milestones"}
OWN_EDITION |= {"people", "team-join", "teams"}
# Of this edition, which is none of the other one.
NAMES_A_DEPARTMENT = {"criteria", "deliverables", "extensions", "jurors", "teams"}
NAMES_A_DEPARTMENT |= {"team-department"}
PERMITTED = dict.fromkeys([200, 201, 204, 409], "permitted")
OUTCOMES = {401: "login", 404: "none", **PERMITTED}


def with_ids(body: Any, world: World) -> Any:
    """Names of the world's objects become their ids."""
    if isinstance(body, dict):
        return {key: with_ids(value, world) for key, value in body.items()}
    if isinstance(body, list):
        return [with_ids(value, world) for value in body]
    if body == "edition":
        return world.objects["edition"].slug
    return world.objects[body].pk if body in ("juror", "team", "membership") else body


def ask(browser: Client, world: World, name: str, method: str, body: Any, query: str = "") -> str:
    kwargs = {}
    if f"api:{name}" in PK_OF:
        kwargs = {"pk": world.objects[PK_OF[f"api:{name}"]].pk}
    elif name == "brief" or name.startswith("deliberation"):
        kwargs = {"code": "INFOCOM"}
    url = reverse(f"api:{name}", kwargs=kwargs) + query
    with transaction.atomic():  # each request finds the same rows
        if body == "file":
            file = SimpleUploadedFile("dossier.pdf", b"%PDF-1.4 new")
            given = {"deliverable": world.objects["deliverable"].pk, "file": file}
            answer = getattr(browser, method)(url, given)
        else:
            answer = getattr(browser, method)(
                url, with_ids(body, world), content_type="application/json"
            )
        if answer.streaming:
            list(answer.streaming_content)  # to the end, which closes the file
        transaction.set_rollback(True)
    cache.clear()
    return OUTCOMES.get(answer.status_code, f"{answer.status_code} {answer.content!r}")


def test_every_write_of_the_api_is_in_the_table() -> None:
    urls = next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/").url_patterns
    methods = ("post", "put", "patch", "delete")
    views = {p.name: p.callback.cls for p in urls if p.name}
    found = {
        (n, method) for n, view in views.items() for method in methods if hasattr(view, method)
    }
    read = {f"api:{name}" for name, view in views.items() if hasattr(view, "get")}

    assert found == {(name, method) for name, method, _body, _roles in WRITES}
    assert read == {name for name in GET if name.startswith("api:")}


@pytest.mark.parametrize(
    "phase", [pytest.param("running", marks=pytest.mark.database), "published"]
)
def test_writes(
    phase: str, world: World, edition: Edition, request: pytest.FixtureRequest, loner: User
) -> None:
    if phase == "published":
        Edition.objects.update(
            deliberated_at=NOON - timedelta(minutes=2), results_published_at=NOON
        )
    wrong = {}

    with time_machine.travel(NOON, tick=False):
        for role in sorted(EVERYBODY):
            browser = browser_of(role, request)
            for name, method, body, roles in WRITES:
                right = "permitted" if role in roles else "none"
                right = "login" if role == "anonymous" else right
                found = ask(browser, world, name, method, body)
                if found != right:
                    wrong[role, name, method] = found

    assert wrong == {}


def test_the_organizer_of_another_edition_has_no_right_in_this_one(
    world: World, edition: Edition, client_of: Callable[[User], Client], eve: User
) -> None:
    otto = make_user("otto@example.org", "Otto")
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "ccd-2019", False
    other.save()
    other.organizers.add(otto)
    ottos, eves, query = client_of(otto), client_of(eve), "?edition=ccd-2019"
    reads = [name for name in GET if name.startswith("api:") and name not in PK_OF]
    reads = [n for n in reads if not n.startswith("api:deliberation")]
    reads = [n for n in reads if n not in ("api:brief", "api:editions", "api:schema")]
    wrong = {}

    with time_machine.travel(NOON, tick=False):
        for name, method, body, roles in WRITES:
            found = {
                "his on ours": ask(ottos, world, name, method, body),
                "ours on his": ask(eves, world, name, method, body, query),
                "his on his": ask(ottos, world, name, method, body, query),
            }
            right = {
                "his on ours": "permitted" if roles >= SIGNED_IN else "none",
                "ours on his": "none",
                "his on his": "permitted" if name in OWN_EDITION else "none",
            }
            if name == "editions":  # of no edition
                del found["ours on his"], right["ours on his"]
            if name in NAMES_A_DEPARTMENT:
                del found["his on his"], right["his on his"]
            if found != right:
                wrong[name, method] = found
        his = {name: ottos.get(reverse(name) + query).status_code for name in reads}
        ours = {name: eves.get(reverse(name) + query).status_code for name in reads}

    assert wrong == {}
    assert set(his.values()) == {200}
    assert set(ours.values()) == {404}
