"""Files of « Prouver », opened from a disk without a network."""

import json
import runpy
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import services
from tests.browser.cards import SET_UP
from tests.browser.firefox import running_firefox
from tests.browser.site import ADMIN, ROOT
from tests.waiting import wait_until

TEAMS = 10
SEALED = """
from django.core.files.base import ContentFile
from hackathon.base.core.received_files import received_file
from submissions.deposits import services as deposits
from submissions.models import Seal
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
asked = Deliverable.objects.get(name="Dossier")
for team in Team.objects.order_by("pk"):
    content = b"%PDF-1.7 of team " + str(team.pk).encode() * 4000
    file = received_file(content, "dossier.pdf", "application/pdf")
    captain = team.memberships.get(is_captain=True).user
    made = deposits.deposit(
        asked, team, file=file, begun_at=file.received_at, by=captain, at=file.received_at
    )
edition.refresh_from_db()
seals.make_due(edition, at=edition.deadline_at + SETTLE)
print(Seal.objects.get(department=None).digest)
"""
YES = "Oui : ce reçu est dans le scellé"


@pytest.fixture
def kept(site, person, tmp_path) -> tuple[str, list[Path]]:
    """The digest on the projector, and a directory per team with its proof and its file."""
    printed = site.manage(
        "shell", "-v0", "-c", SET_UP.replace("range(30)", f"range({TEAMS})") + SEALED
    )
    organizer = person()
    organizer.sign_in(*ADMIN)
    directories = []
    for pk in range(1, TEAMS + 1):
        directory = tmp_path / str(pk)
        directory.mkdir()
        for name, path in (
            ("proof.html", f"/editions/ccd/depots/{pk}/preuve.html"),
            ("dossier.pdf", f"/depots/{pk}/contenu/"),
        ):
            answer = organizer.page.request.get(path)
            assert answer.status == 200
            (directory / name).write_bytes(answer.body())
        content = bytearray((directory / "dossier.pdf").read_bytes())
        content[2500] ^= 1
        (directory / "altered.pdf").write_bytes(content)
        directories.append(directory)
    site.stop()
    return printed.split()[-1], directories


def test_ten_teams_verify_their_proofs_without_a_network(kept, chromium):
    digest, directories = kept
    verifier = runpy.run_path(str(ROOT / "hackathon/extras/proofs/verify_proof.py"))
    context = chromium.new_context(offline=True)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    verdict, files = page.locator("#verdict"), page.locator("#files-verdict")
    for directory in directories:
        page.goto((directory / "proof.html").as_uri())
        page.fill("#digest", " ".join(digest[at : at + 4] for at in range(0, 16, 4)))
        expect(verdict).to_contain_text(YES)
        page.set_input_files("#files", directory / "dossier.pdf")
        expect(files).to_have_text("dossier.pdf : c’est exactement ce qui a été reçu.")
        page.set_input_files("#files", directory / "altered.pdf")
        expect(files).to_contain_text("la taille est la même et l’empreinte non")
        expect(files).to_contain_text("entre les octets 2048 et")
        page.fill("#digest", "f" * 64)
        expect(verdict).to_contain_text("Non : ce reçu n’est pas dans le scellé")

        document = verifier["document_of"]((directory / "proof.html").read_text())
        assert verifier["differences"](document, digest, [str(directory / "dossier.pdf")]) == []
    assert errors == []
    assert [url for url in requests if not url.startswith("file:")] == []
    context.close()


def test_an_altered_proof_says_where(kept, chromium):
    digest, (directory, *_others) = kept
    text = (directory / "proof.html").read_text()
    (directory / "proof.html").write_text(text.replace('\\"version\\":1', '\\"version\\":2'))
    context = chromium.new_context(offline=True)
    page = context.new_page()

    page.goto((directory / "proof.html").as_uri())
    page.fill("#digest", digest)

    expect(page.locator("[data-field='deposit.version'] dd")).to_have_text("2")
    expect(page.locator("#verdict")).to_contain_text("Le reçu montré ici a été modifié : octets")
    expect(page.locator("#verdict")).to_contain_text("(Version)")
    context.close()


def test_firefox_verifies_them_too(kept, tmp_path):
    program = services.firefox_bin()
    if program is None:
        pytest.skip("Firefox is not installed")
    digest, directories = kept
    with running_firefox(program, tmp_path) as firefox:
        for directory in directories:
            firefox.open(directory / "proof.html")
            firefox.evaluate(
                f"digest.value = {json.dumps(digest)}; digest.dispatchEvent(new Event('input'));"
            )
            verdict = str(firefox.evaluate("verdict.textContent")["value"])
            assert YES in verdict.replace("\xa0", " ")
            firefox.choose("#files", directory / "dossier.pdf", directory / "altered.pdf")

            def said() -> str:
                text = firefox.evaluate("document.querySelector('#files-verdict').textContent")
                return str(text["value"]).replace("\xa0", " ")

            wait_until(lambda: "entre les octets 2048 et" in said())
            assert "dossier.pdf : c’est exactement ce qui a été reçu." in said()
