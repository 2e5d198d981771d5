"""Handing in over a bad network, in real Chromium: what failed never looks like a success, what was
received never looks lost, and nothing has to be chosen or written twice.
"""

import dataclasses
import itertools
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests import services
from tests.browser.line import Line
from tests.browser.site import ADMIN, Person, Site, running_site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PASSWORD = "une-longue-phrase-de-passe"
TEAMS = 8
numbers = itertools.count()  # one team for each test
SET_UP = f"""
from datetime import timedelta
from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.editions.models import Department, Edition
from submissions.models import Deliverable
from teams.models import Membership, Team
now = clock.now()
edition = Edition.objects.create(
    slug="ccd", name="CCD", is_current=True,
    registration_opens_at=now - timedelta(days=1), registration_closes_at=now,
    starts_at=now - timedelta(hours=2), deadline_at=now + timedelta(hours=1),
    judging_opens_at=now + timedelta(hours=2),
)
infocom = Department.objects.create(edition=edition, code="INFOCOM", name="Info-Com")
for number in range({TEAMS}):
    team = Team.objects.create(
        edition=edition, department=infocom, name=f"Équipe {{number}}", registered_at=now
    )
    for name in ("ada", "ben"):
        user = User.objects.create_user(
            f"{{name}}{{number}}@example.org", "{PASSWORD}", name=name.title()
        )
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        Membership.objects.create(
            edition=edition, team=team, user=user, is_captain=name == "ada", joined_at=now
        )
for position, (name, kind) in enumerate([("Dossier", "file"), ("Pitch", "text")]):
    Deliverable.objects.create(
        department=infocom, name=name, kind=kind, position=position,
        formats=["pdf"] if kind == "file" else [], max_bytes=60_000_000,
    )
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """One site for all of these, with a team for each."""
    with running_site() as site:
        site.manage("shell", "-v0", "-c", SET_UP)
        yield site


@pytest.fixture
def line(site: Site) -> Iterator[Line]:
    """The line to the site."""
    port = urlsplit(site.url).port
    assert port is not None
    made = Line(services.free_port(), port)
    yield made
    made.close()


@pytest.fixture
def ada(chromium: Browser, site: Site, line: Line) -> Iterator[Person]:
    """The captain of a team that has handed nothing in, on her phone, where one hands in."""
    person = Person(chromium, dataclasses.replace(site, url=line.url), width=390, height=844)
    person.sign_in(f"ada{next(numbers)}@example.org", PASSWORD)
    person.open("/rendu/")
    expect(person.page.locator("html")).to_have_attribute("data-live", "live")
    yield person
    person.context.close()
    # The browser itself reports what the tests break; anything else is a mistake of the page.
    assert [e for e in person.errors if not re.search(r"net::ERR|status of 4|htmx:", e)] == []


def pdf(directory: Path, size: int) -> Path:
    """A file of so many bytes."""
    file = directory / "affiche.pdf"
    file.write_bytes(b"%PDF-1.7\n".ljust(size, b"x"))
    return file


def card(person: Person, name: str) -> Locator:
    """The card of one deliverable."""
    return person.page.locator("article.deliverable", has_text=name)


def kept(person: Person) -> list[tuple[int, int]]:
    """The versions of the file that the site has, newest first: number and size."""
    asked = person.page.request.get(f"{person.site.url}/api/v1/deliverables/").json()
    return [(s["version"], s["size"]) for s in asked[0]["submissions"]]


def organize(site: Site, token: str, method: str, path: str, body: dict[str, Any]) -> None:
    """What an organizer's own program does."""
    request = Request(
        f"{site.url}/api/v1/{path}/",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Token {token}", "Content-Type": "application/json"},
        method=method,
    )
    urlopen(request).close()


def test_cut_in_the_middle_then_again(ada: Person, line: Line, tmp_path: Path) -> None:
    dossier = card(ada, "Dossier")
    line.bytes_per_second, line.cut_after = 8_000_000, 20_000_000

    dossier.locator("input[type=file]").set_input_files(pdf(tmp_path, 50_000_000))
    dossier.get_by_role("button", name="Envoyer le fichier").click()
    expect(dossier.locator("progress")).to_be_visible()
    outcome = dossier.locator("[data-outcome]")
    expect(outcome).to_contain_text("rien n’a été reçu", timeout=60_000)
    cut = outcome.inner_text()
    nothing = kept(ada)
    line.bytes_per_second = line.cut_after = None
    dossier.get_by_role("button", name="Réessayer").click()

    received = dossier.locator(".deliverable-received")
    expect(received).to_contain_text("version 1 compte", timeout=30_000)
    expect(outcome).to_contain_text("Dossier : reçu à")
    assert re.search(r"Connexion coupée à \d+ %", cut)
    assert nothing == []
    assert kept(ada) == [(1, 50_000_000)]


def test_answer_lost_on_the_way(ada: Person, line: Line, tmp_path: Path) -> None:
    dossier = card(ada, "Dossier")
    line.lose_answers = True

    dossier.locator("input[type=file]").set_input_files(pdf(tmp_path, 3_000_000))
    dossier.get_by_role("button", name="Envoyer le fichier").click()

    expect(dossier.locator("[data-outcome]")).to_contain_text(
        "Le serveur a bien tout reçu", timeout=60_000
    )
    # A browser that sees its connection reset before any answer may have tried again by itself.
    assert {size for _version, size in kept(ada)} == {3_000_000}


def test_file_that_will_be_refused_is_not_sent(ada: Person, tmp_path: Path) -> None:
    dossier = card(ada, "Dossier")
    heavy, other = tmp_path / "lourd.pdf", tmp_path / "affiche.psd"
    heavy.write_bytes(b"x" * 60_000_001)
    other.write_bytes(b"x")

    said = []
    for file in (heavy, other):
        dossier.locator("input[type=file]").set_input_files(file)
        said.append(dossier.locator("[data-outcome]").inner_text())

    assert "le maximum est 60" in said[0]
    assert "format accepté : PDF" in said[1]
    assert kept(ada) == []


def test_refused_text_stays_written(ada: Person) -> None:
    pitch = card(ada, "Pitch")
    words = "a" * 20_001

    pitch.locator("textarea").fill(words)
    pitch.get_by_role("button", name="Envoyer le texte").click()

    expect(pitch.locator("[data-outcome]")).to_contain_text("20001 signes")
    assert pitch.locator("textarea").input_value() == words


def test_news_leaves_what_is_being_written(
    ada: Person, chromium: Browser, site: Site, tmp_path: Path
) -> None:
    ben = Person(chromium, site, width=1366, height=900)
    ben.sign_in(f"ben{next(numbers) - 1}@example.org", PASSWORD)
    ben.open("/rendu/")
    pitch = card(ada, "Pitch").locator("textarea")
    pitch.fill("Une idée en cours")
    pitch.focus()

    dossier = card(ben, "Dossier")
    dossier.locator("input[type=file]").set_input_files(pdf(tmp_path, 1_000_000))
    dossier.get_by_role("button", name="Envoyer le fichier").click()

    expect(card(ada, "Dossier").locator(".deliverable-received")).to_contain_text("version 1")
    assert pitch.input_value() == "Une idée en cours"
    assert ada.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert ben.errors == []
    ben.context.close()


def test_form_goes_when_the_deadline_passes_and_comes_back_with_a_delay(
    ada: Person, site: Site
) -> None:
    """The last of these: it moves the deadline of all."""
    dossier, pitch = card(ada, "Dossier"), card(ada, "Pitch")
    send = dossier.get_by_role("button", name="Envoyer le fichier")
    token = site.manage("token", ADMIN[0]).split()[-1]
    pitch.locator("textarea").fill("Pas encore envoyé")

    soon = datetime.now(UTC) + timedelta(seconds=3)
    organize(site, token, "PATCH", "edition", {"deadline_at": soon.isoformat()})
    expect(send).to_be_hidden(timeout=20_000)
    written = pitch.locator("textarea").input_value()
    shut = pitch.locator("[data-send]").is_disabled()
    granted = {"department": "INFOCOM", "minutes": 15, "reason": "Panne de réseau"}
    organize(site, token, "POST", "extensions", granted)

    expect(send).to_be_visible(timeout=10_000)
    ada.sees("Délai accordé : +15 min, Panne de réseau")
    assert (written, shut) == ("Pas encore envoyé", True)
    assert pitch.locator("[data-send]").is_enabled()
