"""What students hand in, in an archive: the names of files and the links are theirs."""

from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from hackathon.accounts.models import User
from hackathon.archive.crawl import Crawl
from hackathon.core.received_files import received_file
from hackathon.editions.models import Department, Edition
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Submission
from teams.models import Team
from tests.archive.test_publish_archive import PIXEL, files_of
from tests.conftest import NOON
from tests.gallery.conftest import LATER, agree, publish

pytestmark = pytest.mark.django_db
ZIP = "/organisation/editions/ccd-2020/archive.zip"


@pytest.fixture(autouse=True)
def _site() -> Iterator[None]:
    """No link of a team may lead to this computer, which is the site of the other tests."""
    with override_settings(
        SITE_URL="https://ccd.example.org", ALLOWED_HOSTS=["ccd.example.org", "testserver"]
    ):
        yield


@pytest.fixture
def poster(infocom: Department) -> Deliverable:
    """Takes every file."""
    return Deliverable.objects.create(
        department=infocom, name="Affiche", kind=DeliverableKind.FILE, max_bytes=5_000_000
    )


def hand_in(team: Team, deliverable: Deliverable, **given: object) -> Submission:
    by = team.memberships.select_related("user")[0].user
    submission = deposits.deposit(deliverable, team, **given, begun_at=NOON, by=by, at=NOON)  # type: ignore[arg-type]
    inspections.record(submission, Result({"type": "image"}), at=NOON)
    return submission


def archive(folder: Path) -> tuple[dict[str, bytes], str]:
    """Its files, and what the command says."""
    said = StringIO()
    with time_machine.travel(LATER, tick=False):
        call_command("publish-archive", "ccd-2020", folder, stdout=said)
    return files_of(folder), said.getvalue().replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("affiche.shtml", "affiche.png"),
        ("affiche.phtml", "affiche.png"),
        ("affiche.php.png", "affiche-php.png"),
        ("affiche.html.png", "affiche-html.png"),
        ("affiche.html.", "affiche-html.png"),
        (".htaccess", "htaccess.png"),
        ("affiche", "affiche.png"),
        ("Été 2020.PNG", "-t-2020.png"),
    ],
)
def test_the_type_of_a_file_decides_its_ending(
    edition: Edition, comunik: Team, poster: Deliverable, tmp_path: Path, name: str, written: str
) -> None:
    submission = hand_in(comunik, poster, file=received_file(PIXEL, name))
    agree(comunik)
    publish(edition)

    files, _said = archive(tmp_path / "archive")

    of_work = {path: content for path, content in files.items() if "/depots/" in path}
    target = f"galerie/depots/{submission.pk}/contenu/{written}"
    assert of_work == {target: PIXEL}
    page = files[f"galerie/equipes/{comunik.pk}/index.html"].decode()
    assert f'src="../../depots/{submission.pk}/contenu/{written}"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/editions/ccd-2020/nope/",
        "/editions/ccd-2020/?page=2",
        "/horodatages/99/",
        "/static/nope.png",
        "/pilotage/",
    ],
)
def test_a_link_into_the_site_that_is_not_in_the_archive_loses_its_address_and_names_the_team(
    edition: Edition,
    comunik: Team,
    site_link: Deliverable,
    eve: User,
    client_of: Callable[[User], Client],
    tmp_path: Path,
    path: str,
) -> None:
    url = f"{settings.SITE_URL}{path}"
    hand_in(comunik, site_link, url=url)
    agree(comunik)
    publish(edition)

    files, said = archive(tmp_path / "archive")
    with time_machine.travel(LATER, tick=False):
        browser = client_of(eve)
        zipped = browser.get(ZIP)
        found = ZipFile(BytesIO(b"".join(zipped.streaming_content))).namelist()
        page = browser.get("/organisation/editions/ccd-2020/resultats/").content.decode()

    assert f"Com’unik : le lien {url} mène à ce site, hors de l’archive" in said
    assert said.count(url) == 1
    work = files[f"galerie/equipes/{comunik.pk}/index.html"].decode()
    assert f'href="{url}"' not in work
    assert "Ouvrir le site de l’équipe" in work
    assert len(found) == len(files)
    assert url in page


def test_other_links_of_teams_stay_and_are_not_followed(
    edition: Edition, comunik: Team, pixels: Team, site_link: Deliverable, tmp_path: Path
) -> None:
    there = f"{settings.SITE_URL}/editions/ccd-2020/galerie/"
    beside = f"{settings.SITE_URL}.evil.example/editions/ccd-2020/galerie/"
    hand_in(comunik, site_link, url=there)
    hand_in(pixels, deliverable_like(site_link, pixels.department), url=beside)
    for team in (comunik, pixels):
        agree(team)
    publish(edition)

    files, said = archive(tmp_path / "archive")

    assert "hors de l’archive" not in said
    own, foreign = (
        files[f"galerie/equipes/{team.pk}/index.html"].decode() for team in (comunik, pixels)
    )
    assert 'class="button" href="../../index.html"' in own
    assert f'href="{beside}"' in foreign


def deliverable_like(deliverable: Deliverable, department: Department) -> Deliverable:
    return Deliverable.objects.create(
        department=department, name=deliverable.name, kind=deliverable.kind
    )


def test_what_the_disk_refuses_is_a_message_of_the_button(
    edition: Edition,
    eve: User,
    client_of: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish(edition)

    def full_disk(_crawl: Crawl) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Crawl, "run", full_disk)
    with time_machine.travel(LATER, tick=False):
        answer = client_of(eve).get(ZIP, follow=True)

    assert "L’archive n’a pas pu être écrite" in answer.content.decode()
    assert "No space left on device" in answer.content.decode()
    assert list(settings.FILE_UPLOAD_TEMP_DIR.glob("archive-*")) == []
