import hashlib
import json
import random
import re
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Locator, Page, expect

from tests.browser.site import PATIENCE, Person, Site
from tests.browser.upload_proxy import UploadProxy

PASSWORD = "une-longue-phrase-de-passe"
TEAMS = 30
SIZE = 20_000_000
HALF = 12_000_000
SET_UP = f"""
from datetime import timedelta
from django.contrib.auth.hashers import make_password
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.event.editions.models import Department, Edition
from submissions.models import Deliverable
from teams.models import Membership, Team
now, hashed = clock.now(), make_password("{PASSWORD}")
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
        user = User.objects.create(
            email=f"{{name}}{{number}}@example.org", password=hashed, name=name.title()
        )
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        Membership.objects.create(
            edition=edition, team=team, user=user, is_captain=name == "ada", joined_at=now
        )
for position, (name, formats) in enumerate(
    [("Dossier", ["pdf"]), ("Affiche", ["pdf", "png", "jpg"]), ("Pitch", [])]
):
    Deliverable.objects.create(
        department=infocom, name=name, kind="file" if formats else "text", position=position,
        formats=formats, max_bytes=60_000_000,
    )
"""

CLOSE = """
from datetime import timedelta
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
Edition.objects.update(deadline_at=clock.now() - timedelta(minutes=15), grace_seconds=0)
"""


def pdf(directory: Path, size: int = SIZE, name: str = "dossier.pdf") -> Path:
    file = directory / name
    file.write_bytes(b"%PDF-1.7\n" + random.Random(size).randbytes(size - 9))
    return file


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def card(person: Person | Page, name: str) -> Locator:
    page = person.page if isinstance(person, Person) else person
    return page.locator("article.deliverable", has=page.get_by_role("heading", name=name))


def choose(dossier: Locator, file: Path) -> None:
    dossier.locator("form input[type=file]").set_input_files(file)
    dossier.get_by_role("button", name="Envoyer le fichier").click()


def progress(dossier: Locator) -> Locator:
    return dossier.locator("[data-transfer] [data-said]")


def outcome(dossier: Locator) -> Locator:
    return dossier.locator("[data-outcome]")


def send_half(dossier: Locator, proxy: UploadProxy, file: Path) -> None:
    """Returns when the proxy holds the upload and the browser has stored a copy of the file."""
    proxy.hold_after = HALF
    choose(dossier, file)
    expect(dossier).to_contain_text("l’envoi reprendra quand vous la rouvrirez")
    assert proxy.holds.wait(PATIENCE)


def expect_received(dossier: Locator, version: int = 1) -> None:
    expect(outcome(dossier)).to_contain_text(
        re.compile(rf"Reçu à \d+:\d\d:\d\d, version {version}\..*Reçu \w{{5}}-\w{{5}}", re.S),
    )
    counts = f"version {version} compte" if version > 1 else "Reçu à"
    expect(dossier.locator(".deliverable-received")).to_contain_text(counts)


def stored_versions(person: Person, name: str = "Dossier") -> list[tuple[int, str]]:
    deliverables = person.page.request.get(f"{person.site.url}/api/v1/deliverables/").json()
    (found,) = (deliverable for deliverable in deliverables if deliverable["name"] == name)
    return [(s["version"], s["sha256"]) for s in found["submissions"]]


def drop(page: Page, *names: str, onto: str = "main") -> None:
    """Drops files whose content is their name."""
    page.evaluate(
        """([names, onto]) => {
            const dataTransfer = new DataTransfer();
            for (const name of names) dataTransfer.items.add(new File([name], name));
            const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
            document.querySelector(onto).dispatchEvent(drop);
        }""",
        [names, onto],
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def call_api(site: Site, token: str, method: str, path: str, body: dict[str, Any]) -> None:
    request = Request(
        f"{site.url}/api/v1/{path}/",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Token {token}", "Content-Type": "application/json"},
        method=method,
    )
    urlopen(request).close()
