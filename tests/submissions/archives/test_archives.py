import asyncio
import csv
import hashlib
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import AsyncRequestFactory
from django.test.utils import CaptureQueriesContext

from hackathon.base.core.formats import size_text
from submissions.archives.stream import archive_response
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Submission
from tests.conftest import DEADLINE, NOON, make_team
from tests.submissions.conftest import MINUTE, PDF, deposit

FOLDER = "INFOCOM/Com’unik"
OWN = "/rendu/depots.zip"
ALL = "/organisation/editions/ccd-2020/depots.zip"


@pytest.fixture
def handed_in(comunik, dossier, site_link, pitch, ada, ben) -> list[Submission]:
    arguments: dict[str, Any] = {"begun_at": NOON, "by": ada, "at": NOON}
    return [
        deposit(dossier, comunik, ada, content=PDF + b"1"),
        deposit(dossier, comunik, ben, content=PDF + b"2", at=NOON + MINUTE),
        deposits.deposit(site_link, comunik, url="https://example.org/é", **arguments),
        deposits.deposit(pitch, comunik, text="Réunir\nles gens", **arguments),
    ]


def unpacked(response: Any) -> zipfile.ZipFile:
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert response["Content-Length"] == str(len(content))
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return archive


def manifest(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    text = archive.read("manifeste.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_an_archive_has_the_counting_versions_under_readable_names(client_of, handed_in, ada):
    response = client_of(ada).get(OWN)

    archive = unpacked(response)
    assert response["Content-Type"] == "application/zip"
    assert "ccd-2020%20Com%E2%80%99unik.zip" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    assert archive.namelist() == [
        "LISEZ-MOI.txt",
        "manifeste.csv",
        f"{FOLDER}/1 Dossier de stratégie v2.pdf",
        f"{FOLDER}/2 Site vitrine v1.url",
        f"{FOLDER}/3 Pitch v1.txt",
    ]
    assert archive.read(f"{FOLDER}/1 Dossier de stratégie v2.pdf") == PDF + b"2"
    assert archive.read(f"{FOLDER}/3 Pitch v1.txt").decode() == "Réunir\nles gens"
    shortcut = archive.read(f"{FOLDER}/2 Site vitrine v1.url").decode()
    assert shortcut == "[InternetShortcut]\r\nURL=https://example.org/é\r\n"
    assert "3 dépôts" in archive.read("LISEZ-MOI.txt").decode()


def test_names_are_utf8_and_dates_are_those_of_receipt(client_of, handed_in, ada):
    archive = unpacked(client_of(ada).get(OWN))

    info = archive.getinfo(f"{FOLDER}/1 Dossier de stratégie v2.pdf")
    assert info.flag_bits & 0x800
    assert info.date_time == (2020, 2, 13, 13, 1, 0)  # in Nancy
    assert info.compress_type == zipfile.ZIP_STORED


def test_the_manifest_describes_each_deposit(client_of, handed_in, ada):
    lines = manifest(unpacked(client_of(ada).get(OWN)))

    dossier = handed_in[1]
    assert lines[0] == {
        "département": "INFOCOM",
        "équipe": "Com’unik",
        "livrable": "Dossier de stratégie",
        "version": "2",
        "compte": "oui",
        "reçu le": "2020-02-13 13:01:00+01:00",
        "compte à": "",
        "marque": "à l’heure",
        "octets": str(dossier.size),
        "SHA-256": hashlib.sha256(PDF + b"2").hexdigest(),
        "code du reçu": dossier.receipt.code,
        "nom d’origine ou adresse": "dossier.pdf",
        "saisi par l’organisation": "",
        "fichier": f"{FOLDER}/1 Dossier de stratégie v2.pdf",
    }
    assert lines[1]["nom d’origine ou adresse"] == "https://example.org/é"


def test_organizers_can_download_every_version(client_of, handed_in, comunik, eve):
    url = f"/organisation/equipes/{comunik.pk}/depots.zip?versions=all"

    archive = unpacked(client_of(eve).get(url))

    assert archive.read(f"{FOLDER}/1 Dossier de stratégie v1.pdf") == PDF + b"1"
    assert [line["compte"] for line in manifest(archive)] == ["non", "oui", "oui", "oui"]


def test_others_get_the_counting_versions_only(client_of, handed_in, ada, dan):
    for browser, url in [(client_of(ada), OWN), (client_of(dan.user), "/jury/INFOCOM/depots.zip")]:
        names = unpacked(browser.get(f"{url}?versions=all")).namelist()
        assert not [name for name in names if name.endswith("v1.pdf")]


def test_each_department_has_its_folder(client_of, handed_in, pixels, info, cleo, eve):
    film = Deliverable.objects.create(department=info, name="Film", kind=DeliverableKind.FILE)
    deposit(film, pixels, cleo, name="Film.Final.TAR.GZ")
    browser = client_of(eve)

    everything = unpacked(browser.get(ALL)).namelist()
    of_info = unpacked(browser.get(f"/organisation/departements/{info.pk}/depots.zip")).namelist()

    assert "INFO/Les Pixels/1 Film v1.tar.gz" in everything
    assert f"{FOLDER}/3 Pitch v1.txt" in everything
    assert of_info[2:] == ["INFO/Les Pixels/1 Film v1.tar.gz"]


def test_a_jury_downloads_its_own_department(
    client_of, handed_in, comunik, pixels, info, cleo, dan
):
    film = Deliverable.objects.create(department=info, name="Film", kind=DeliverableKind.FILE)
    deposit(film, pixels, cleo)
    browser = client_of(dan.user)

    whole = unpacked(browser.get("/jury/INFOCOM/depots.zip"))
    one = unpacked(browser.get(f"/jury/INFOCOM/equipes/{comunik.pk}/depots.zip"))

    assert whole.namelist() == one.namelist()
    assert len(whole.namelist()) == 5
    assert "Les Pixels" not in whole.read("LISEZ-MOI.txt").decode()
    assert browser.get("/jury/INFO/depots.zip").status_code == 404
    assert browser.get(f"/jury/INFOCOM/equipes/{pixels.pk}/depots.zip").status_code == 404


def test_a_student_without_a_team_has_no_archive(client_of, edition, loner):
    assert client_of(loner).get(OWN).status_code == 404


def test_a_lost_file_is_named_and_the_others_are_included(client_of, handed_in, ada):
    Path(handed_in[1].file.path).unlink()

    archive = unpacked(client_of(ada).get(OWN))

    lost = f"{FOLDER}/MANQUANT 1 Dossier de stratégie v2.txt"
    assert "n’est plus dans le stockage" in archive.read(lost).decode()
    assert lost in archive.read("LISEZ-MOI.txt").decode()
    assert manifest(archive)[0]["fichier"] == lost
    assert archive.read(f"{FOLDER}/3 Pitch v1.txt")


def test_a_truncated_file_is_reported_as_missing(client_of, handed_in, ada):
    path = Path(handed_in[1].file.path)
    path.chmod(0o600)
    path.write_bytes(PDF[:10])

    archive = unpacked(client_of(ada).get(OWN))

    text = archive.read(f"{FOLDER}/MANQUANT 1 Dossier de stratégie v2.txt").decode()
    assert "n’est plus ce qui a été reçu" in text


def test_a_file_that_changes_during_the_download_aborts_it(client_of, handed_in, ada):
    response = client_of(ada).get(OWN)
    path = Path(handed_in[1].file.path)
    path.chmod(0o600)
    path.write_bytes(PDF[:10])

    with pytest.raises(RuntimeError, match="instead of"):
        b"".join(response.streaming_content)


def test_teams_without_deposits_are_named(client_of, handed_in, pixels, eve):
    text = unpacked(client_of(eve).get(ALL)).read("LISEZ-MOI.txt").decode()

    assert "- INFO, Les Pixels" in text
    assert "Com’unik" not in text


def test_an_entry_by_an_organizer_is_marked(client_of, comunik, pitch, eve):
    at = DEADLINE + 4 * MINUTE
    deposits.deposit(pitch, comunik, text="Bonjour", begun_at=at, by=eve, at=at, reason="clé USB")

    (line,) = manifest(unpacked(client_of(eve).get(ALL)))

    assert line["saisi par l’organisation"] == "Eve : clé USB"
    assert line["marque"] == "en retard"


def test_no_cell_becomes_a_formula(client_of, infocom, pitch, ada, eve):
    team = make_team(infocom, "=HYPERLINK(0)", ada)
    deposits.deposit(pitch, team, text="Bonjour", begun_at=NOON, by=ada, at=NOON)

    assert manifest(unpacked(client_of(eve).get(ALL)))[0]["équipe"] == "'=HYPERLINK(0)"


def test_in_english(client_of, handed_in, ada):
    browser = client_of(ada)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    archive = unpacked(browser.get(OWN))

    assert "on time" in archive.read(archive.namelist()[1]).decode("utf-8-sig")


def test_head_returns_the_size(client_of, handed_in, ada):
    browser = client_of(ada)

    head = browser.head(OWN)

    assert int(head["Content-Length"]) > 0
    assert head.content == b""


@time_machine.travel(NOON, tick=False)
def test_the_number_of_queries_is_constant(client_of, handed_in, infocom, pitch, eve, cleo, loner):
    browser = client_of(eve)

    def queries(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = browser.get(url)
            if response.streaming:
                unpacked(response)
        return len(captured)

    before = [queries(ALL), queries("/organisation/editions/ccd-2020/depots/")]
    for name, user in [("Un", cleo), ("Deux", loner)]:
        team = make_team(infocom, name, user)
        deposits.deposit(pitch, team, text="Bonjour", begun_at=NOON, by=user, at=NOON)

    assert [queries(ALL), queries("/organisation/editions/ccd-2020/depots/")] == before


def test_page_of_archives(client_of, handed_in, eve):
    Submission.objects.filter(pk=handed_in[0].pk).update(size=5_000_000)
    Submission.objects.filter(pk=handed_in[1].pk).update(size=2_000_000)
    page = client_of(eve).get("/organisation/editions/ccd-2020/depots/").content.decode()

    assert "3 dépôts qui comptent" in page
    assert "4 versions" in page
    # Of the department, then of all.
    assert re.findall(r'<span class="num nowrap">\(([^)]+)\)</span>', page) == [
        size_text(7_000_047),
        size_text(2_000_047),
        size_text(2_000_047),
        size_text(7_000_047),
    ]
    assert f'href="{ALL}?versions=all"' in page


def test_the_dialog_of_a_team_shows_the_size(client_of, handed_in, comunik, eve):
    Submission.objects.filter(pk=handed_in[1].pk).update(size=2_000_000)

    page = client_of(eve).get(f"/pilotage/equipes/{comunik.pk}/").content.decode()

    assert f"({size_text(2_000_000)})" in page


def test_under_asgi(edition, handed_in, comunik):
    request = AsyncRequestFactory().get("/")
    response: Any = archive_response(request, edition, [comunik], at=NOON)

    async def received() -> bytes:
        return b"".join([block async for block in response.streaming_content])

    assert response.is_async
    content = asyncio.run(received())
    response.close()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert response["Content-Length"] == str(len(content))


def test_teams_of_one_name_have_separate_folders(client_of, infocom, pitch, cleo, loner, eve):
    for name, user in [("Pixels!", cleo), ("Pixels?", loner), ("Pixels-", eve)]:
        team = make_team(infocom, name, user)
        deposits.deposit(pitch, team, text=name, begun_at=NOON, by=user, at=NOON)

    archive = unpacked(client_of(eve).get(ALL))

    folders = sorted({name.split("/")[1] for name in archive.namelist()[2:]})
    assert folders == ["Pixels!", "Pixels-", "Pixels- (2)"]
