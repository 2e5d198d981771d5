"""What students hand in, as files without a server: the names and the links are theirs."""

from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command, get_commands
from django.test import override_settings

from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Department
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Submission
from teams.models import Team
from tests.conftest import NOON
from tests.extras.gallery.conftest import LATER, publish
from tests.teams.works import agree

WRITES_FILES = "publish-archive"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(WRITES_FILES not in get_commands(), reason="another extra writes them"),
]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
ZIP = "/organisation/editions/ccd-2020/archive.zip"


@pytest.fixture(autouse=True)
def _site() -> Iterator[None]:
    """No link of a team may lead to this computer, which is the site of the other tests."""
    with override_settings(
        SITE_URL="https://ccd.example.org", ALLOWED_HOSTS=["ccd.example.org", "testserver"]
    ):
        yield


@pytest.fixture
def poster(infocom) -> Deliverable:
    """Takes every file."""
    return Deliverable.objects.create(
        department=infocom, name="Affiche", kind=DeliverableKind.FILE, max_bytes=5_000_000
    )


def hand_in(team: Team, deliverable: Deliverable, **given: object) -> Submission:
    by = team.memberships.select_related("user")[0].user
    submission = deposits.deposit(deliverable, team, **given, begun_at=NOON, by=by, at=NOON)
    inspections.record(submission, Result({"type": "image"}), at=NOON)
    return submission


def archive(folder: Path) -> tuple[dict[str, bytes], str]:
    """Its files, and what the command says."""
    said = StringIO()
    with time_machine.travel(LATER, tick=False):
        call_command(WRITES_FILES, "ccd-2020", folder, stdout=said)
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    return files, said.getvalue().replace("\xa0", " ").replace("\u202f", " ")


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
def test_the_type_of_a_file_decides_its_ending(edition, comunik, poster, tmp_path, name, written):
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
    edition, comunik, site_link, eve, client_of, tmp_path, path
):
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
    edition, comunik, pixels, site_link, tmp_path
):
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
