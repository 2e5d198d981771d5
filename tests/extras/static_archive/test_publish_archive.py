"""The archive of an edition: what it has, where its pages lead, and that two runs give the same."""

import json
import posixpath
import re
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation

from hackathon.base.core import extras
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Edition
from hackathon.event.partners.models import Partner
from hackathon.extras.static_archive.crawl import ArchiveError, Crawl
from judging.models import Deliberation
from submissions.models import Seal
from submissions.seals import services as seals
from teams.models import Membership, Team
from tests.judging.ceremony.past_editions import LATER, YEAR, past_edition

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(LATER, tick=False)]

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)


@pytest.fixture
def past(db) -> Edition:
    """The edition of 2019, with a sealed deadline and a partner who has a logo."""
    edition = past_edition("2019", 1, winners=1)
    Edition.objects.update(results_published_at=None)
    edition.refresh_from_db()
    seals.make_due(edition, at=edition.deadline_at + timedelta(days=1))
    partner = Partner.objects.get()
    partner.link = "https://partenaire.example/"
    partner.logo.save("logo.png", ContentFile(PIXEL))
    Edition.objects.update(results_published_at=LATER - YEAR)
    return edition


def publish(slug: str, folder: Path) -> dict[str, bytes]:
    call_command("publish-archive", slug, folder, stdout=StringIO())
    return files_of(folder)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


class Links(HTMLParser):
    """The addresses of a page: those that a reader may follow, and those that it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.followed: list[str] = []
        self.loaded: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith(("on", "hx-", "data-shows")), name
            if name in ("href", "src", "poster", "srcset", "action", "data"):
                (self.followed if tag == "a" else self.loaded).append(value or "")


def pages_of(files: dict[str, bytes]) -> dict[str, Links]:
    return {name: Links(f.decode()) for name, f in files.items() if name.endswith(".html")}


def test_each_address_is_a_file_and_no_page_needs_a_script_or_a_host(past, tmp_path):
    files = publish("2019", tmp_path / "archive")

    pages = pages_of(files)
    own = [
        reverse(page.url_name, args=["2019"]).removeprefix("/editions/2019/")
        for extra in extras.registry
        for page in extra.published
    ]
    names = [f"{path}index.html" for path in ("", "enveloppes/", "presse/", "scelle/", *own)]
    assert sorted(pages) == sorted([*names, *(f"en/{name}" for name in names)])
    outside = set()
    for name, page in pages.items():
        assert not page.tags & {"script", "form", "button", "iframe", "noscript"}, name
        assert [url for url in page.loaded if urlsplit(url).netloc] == [], name
        assert page.loaded, name
        outside |= {url for url in page.followed if urlsplit(url).netloc}
        for url in (*page.followed, *page.loaded):
            parts = urlsplit(url)
            if url.startswith("#") or parts.netloc:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), parts.path))
            assert target in files, (name, url)
            assert not parts.query
    assert outside == {"https://partenaire.example/"}
    for name, file in files.items():
        for url in re.findall(r"""url\(["']?([^"')]+)""", file.decode()) if ".css" in name else []:
            if not url.startswith("data:"):
                assert posixpath.normpath(f"{posixpath.dirname(name)}/{url}") in files, url
    assert [name for name in files if name.endswith("logo.png")] != []
    assert [name for name in files if name.endswith(".js")] == []


def test_two_runs_give_the_same_bytes_whatever_else_has_changed(past, edition, tmp_path):
    first = publish("2019", tmp_path / "first")
    Edition.objects.filter(pk=edition.pk).update(is_current=False)
    Edition.objects.filter(slug="2019").update(is_current=True, state=EditionState.OPEN)
    past_edition("2018", 2)

    with time_machine.travel(LATER + 40 * YEAR, tick=False), translation.override("en"):
        again = publish("2019", tmp_path / "again")

    assert first == again


def test_the_digests_are_those_of_the_files(past, tmp_path):
    files = publish("2019", tmp_path / "archive")

    lines = files.pop("SHA256SUMS").decode().splitlines()
    assert lines == [f"{sha256(file).hexdigest()}  {name}" for name, file in sorted(files.items())]
    over_all = list(Seal.objects.filter(department=None))
    assert len(over_all) == 2
    page = files["scelle/index.html"].decode()
    for seal in over_all:
        assert json.loads(files[f"scelle/{seal.filename}"]) == seal.manifest
    envelope = files["enveloppes/enveloppe-2019-INFO.txt"]
    assert sha256(envelope).hexdigest() == Deliberation.objects.get().digest
    assert "sha256sum -c SHA256SUMS" in page
    assert {
        "archive.json",
        "enveloppes/enveloppe-2019-INFO.txt",
        "presse-2019.txt",
        "en/presse-2019.txt",
        *(f"scelle/scelle-2019-ensemble-{seal.moment}-{seal.pk}.json" for seal in over_all),
    } <= files.keys()
    assert not any(
        part.filename in name for part in Seal.objects.exclude(department=None) for name in files
    )


def test_names_are_those_of_winners_who_agree_and_are_gone_at_the_next_writing(past, tmp_path):
    winner = Team.objects.get(name="Équipe INFO 0 de 2019")
    others = Team.objects.exclude(pk=winner.pk)
    Membership.objects.update(shows_name=True)
    name = winner.memberships.get().user.name
    hidden = [team.memberships.get().user.name for team in others]
    Team.objects.filter(pk=winner.pk).update(room="Salle secrète", join_code="SECRET12")

    def all_texts() -> str:
        files = publish("2019", tmp_path / "archive")
        return "\n".join(f.decode() for n, f in files.items() if n.endswith((".html", ".txt")))

    agreed = all_texts()
    (tmp_path / "archive" / "former.html").touch()  # no longer written by any page
    sums = tmp_path / "archive" / "SHA256SUMS"
    sums.write_text(sums.read_text() + f"{'0' * 64}  former.html\n")
    Membership.objects.update(shows_name=False)
    withdrawn = all_texts()

    assert name in agreed
    assert name not in withdrawn
    assert not (tmp_path / "archive" / "former.html").exists()
    for text in (agreed, withdrawn):
        for marker in (*hidden, "Salle secrète", "SECRET12", "@example.org"):
            assert marker not in text


def test_three_editions_have_their_archives_while_a_fourth_is_live(edition, comunik, tmp_path):
    years = ("2017", "2018", "2019")
    for year in years:
        past_edition(year, 2020 - int(year))

    texts = {
        year: "".join(
            file.decode()
            for name, file in publish(year, tmp_path / year).items()
            if name.endswith((".html", ".txt", ".json"))
        )
        for year in years
    }

    for year, text in texts.items():
        assert f"<b>Équipe INFO 0 de {year}</b>" in text
        others = {f"de {other}" for other in years if other != year}
        for marker in (*others, comunik.name, edition.name):
            assert marker not in text


@pytest.mark.parametrize("slug", ["unknown", "ccd-2020", "2019", "2018"])
def test_an_unknown_and_an_unpublished_edition_are_refused_alike(slug, edition, tmp_path):
    past_edition("2019", 1)
    Edition.objects.filter(slug="2019").update(state=EditionState.DRAFT)
    past_edition("2018", 2)
    Edition.objects.filter(slug="2018").update(results_published_at=LATER + timedelta(seconds=1))

    with pytest.raises(CommandError) as refused:
        publish(slug, tmp_path / "archive")

    words = f"Aucune édition dont les résultats sont publiés ne s’appelle « {slug} »."
    assert str(refused.value).replace("\xa0", " ") == words
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else_is_left_alone(past, tmp_path):
    past_edition("2018", 2)
    (tmp_path / "file").write_text("x")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "été.jpg").write_text("x")
    publish("2019", tmp_path / "mixed")
    (tmp_path / "mixed" / "notes").mkdir()
    (tmp_path / "mixed" / "notes" / "à garder.txt").write_text("x")
    publish("2019", tmp_path / "own")
    before = files_of(tmp_path)

    for slug, folder, words in (
        ("2019", "file", "contient autre chose qu’une archive de l’édition « 2019 » (file)"),
        ("2019", "photos", "autre chose qu’une archive de l’édition « 2019 » (été.jpg)"),
        ("2019", "mixed", "autre chose qu’une archive de l’édition « 2019 » (notes/à garder.txt)"),
        ("2018", "own", "autre chose qu’une archive de l’édition « 2018 » (SHA256SUMS, "),
        ("2019", "missing/archive", "missing/archive : No such file or directory"),
    ):
        with pytest.raises(CommandError) as refused:
            publish(slug, tmp_path / folder)
        assert words in str(refused.value).replace("\xa0", " ")
    assert files_of(tmp_path) == before


def test_an_archive_is_replaced_whole_or_not_at_all(past, tmp_path, monkeypatch):
    (tmp_path / "archive").mkdir()  # an empty folder is taken
    before = publish("2019", tmp_path / "archive")
    Edition.objects.filter(slug="2019").update(name="Autre nom")
    write, written = Crawl.write, []

    def full_disk(crawl: Crawl, *args: object) -> str:
        written.append(args)
        if len(written) > 5:
            raise OSError(28, "No space left on device")
        return write(crawl, *args)

    monkeypatch.setattr(Crawl, "write", full_disk)
    with pytest.raises(CommandError, match="No space left on device"):
        publish("2019", tmp_path / "archive")
    monkeypatch.undo()

    assert files_of(tmp_path) == {f"archive/{name}": file for name, file in before.items()}
    again = publish("2019", tmp_path / "archive")
    assert b"Autre nom" in again["index.html"]
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]
    assert json.loads(again["archive.json"]) == {"archive": 1, "edition": "2019"}


def test_a_page_that_goes_while_the_archive_is_written_stops_it(past, tmp_path, monkeypatch):
    def gone(crawl: Crawl, *args: object) -> None:
        Partner.objects.all().delete()
        keep_static(crawl, *args)

    keep_static = Crawl._keep_static
    monkeypatch.setattr(Crawl, "_keep_static", gone)

    with pytest.raises(CommandError, match="quelque chose a changé"):
        publish("2019", tmp_path / "archive")

    assert list(tmp_path.iterdir()) == []


def test_an_organizer_gets_the_same_files_as_a_zip(past, tmp_path, eve, client_of):
    past.organizers.add(eve)
    address, browser = "/organisation/editions/2019/archive.zip", client_of(eve)

    page = browser.get("/organisation/editions/2019/resultats/").content.decode()
    answer = browser.get(address)
    content = b"".join(answer.streaming_content)

    assert address in page
    with ZipFile(BytesIO(content)) as zipped:
        found = {name: zipped.read(name) for name in zipped.namelist()}
    files = publish("2019", tmp_path / "archive")
    assert found == {f"2019/{name}": content for name, content in files.items()}
    assert int(answer["Content-Length"]) == len(content)
    assert "archive 2019.zip" in answer["Content-Disposition"]
    assert list(settings.FILE_UPLOAD_TEMP_DIR.glob("archive-*")) == []


def test_nobody_else_gets_it_and_nobody_before_the_publication(past, ada, eve, client_of):
    past.organizers.add(eve)
    address = "/organisation/editions/2019/archive.zip"
    foreign = client_of(ada).get(address)
    Edition.objects.filter(pk=past.pk).update(results_published_at=None)

    early = client_of(eve).get(address)

    assert [foreign.status_code, early.status_code] == [404, 404]
    assert list(settings.FILE_UPLOAD_TEMP_DIR.glob("archive-*")) == []


def test_an_archive_that_fails_leaves_nothing_and_says_what_to_do(
    past, eve, client_of, monkeypatch
):
    past.organizers.add(eve)

    def fails(_crawl: Crawl) -> None:
        raise ArchiveError("Recommencez.")

    monkeypatch.setattr(Crawl, "run", fails)
    answer = client_of(eve).get("/organisation/editions/2019/archive.zip", follow=True)

    assert "Recommencez." in answer.content.decode()
    assert list(settings.FILE_UPLOAD_TEMP_DIR.glob("archive-*")) == []


def test_what_the_disk_refuses_is_a_message_of_the_button(past, eve, client_of, monkeypatch):
    past.organizers.add(eve)

    def full_disk(_crawl: Crawl) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Crawl, "run", full_disk)
    answer = client_of(eve).get("/organisation/editions/2019/archive.zip", follow=True)

    assert "L’archive n’a pas pu être écrite" in answer.content.decode()
    assert "No space left on device" in answer.content.decode()
    assert list(settings.FILE_UPLOAD_TEMP_DIR.glob("archive-*")) == []
