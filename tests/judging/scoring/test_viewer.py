from tempfile import NamedTemporaryFile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from hackathon.base.accounts.models import User
from submissions.deposits import services as deposits
from submissions.enums import Health
from submissions.inspection.dispatch import FileJob, inspect_here
from submissions.inspection.result import COPY_SECONDS
from submissions.inspection.services import record
from submissions.models import Deliverable, Inspection, Submission
from teams.models import Team
from tests.conftest import NOON
from tests.judging.conftest import text_of
from tests.submissions.conftest import file_at
from tests.submissions.inspection import samples

pytestmark = pytest.mark.usefixtures("night")


@pytest.fixture
def url(comunik) -> str:
    return reverse("judging:sheet", args=["INFOCOM", comunik.pk])


def hand_in(
    deliverable: Deliverable, team: Team, by: User, content: bytes, name: str
) -> Submission:
    Deliverable.objects.filter(pk=deliverable.pk).update(formats=[])
    deliverable.refresh_from_db()
    return deposits.deposit(
        deliverable, team, file=file_at(NOON, content, name), begun_at=NOON, by=by, at=NOON
    )


def look_into(submission: Submission) -> None:
    with submission.file.open("rb") as file, NamedTemporaryFile() as copy:
        copy.write(file.read())
        copy.flush()
        result = inspect_here(FileJob(copy.name, submission.filename))
    assert record(submission, result, at=NOON)


def test_the_contents_of_an_archive_are_shown_with_its_readme_and_its_pictures(
    dan_client, comunik, ada, dossier, url
):
    readme = """# GRAAL

Ouvrir <b>site</b>, voir [le plan](doc/plan.md) et [l’adresse](https://example.org/x).

| a | b |
|---|---|
| 1 | 2 |

<script>alert(1)</script>
"""
    files = {
        "site/app.js": b"x" * 2000,
        "site/README.md": readme.encode(),
        "site/photo.png": samples.image(size=(300, 200)) + b"\0" * 3000,
    }
    submission = hand_in(dossier, comunik, ada, samples.archive(files), "sources.zip")
    look_into(submission)

    page = text_of(dan_client.get(url))

    assert '<li data-depth="0"><span><b>site/</b></span>' in page
    assert '<li data-depth="1"><span>app.js</span>' in page
    assert "3 fichiers" in page
    assert "<h4>GRAAL</h4>" in page
    assert "<td>2</td>" in page
    assert "Ouvrir &lt;b&gt;site&lt;/b&gt;" in page
    assert "doc/plan.md" not in page
    assert 'href="https://example.org/x"' in page
    assert "<script>alert" not in page
    assert f'<img class="viewer-pictures" src="/jury/depots/{submission.pk}/apercu/"' in page
    kit = dan_client.get("/jury/hors-connexion/").json()
    (prepared,) = kit["files"]  # not the archive itself
    assert prepared["url"] == f"/jury/depots/{submission.pk}/apercu/"


def test_a_readme_that_is_no_markdown_is_plain_text(dan_client, comunik, ada, dossier, url):
    files = {"LISEZMOI.txt": b"# Ouvrir <b>site</b>"}
    look_into(hand_in(dossier, comunik, ada, samples.archive(files), "sources.zip"))

    assert "# Ouvrir &lt;b&gt;site&lt;/b&gt;</pre>" in text_of(dan_client.get(url))


def test_no_archive_is_opened_in_the_process_of_the_site(
    dan_client, comunik, ada, dossier, url, monkeypatch
):
    submission = hand_in(dossier, comunik, ada, samples.archive(), "sources.zip")
    before = text_of(dan_client.get(url))
    look_into(submission)
    monkeypatch.setattr("zipfile.ZipFile.__init__", None)

    page = text_of(dan_client.get(url))

    assert "Télécharger (" in before  # not inspected yet
    assert "<span>a.txt</span>" in page


def test_an_archive_whose_contents_are_not_stored_is_offered_for_download(
    dan_client, comunik, ada, dossier, url
):
    submission = hand_in(dossier, comunik, ada, samples.archive(), "sources.zip")
    look_into(submission)
    inspection = Inspection.objects.get(submission=submission)
    inspection.contents.storage.delete(inspection.contents.name)

    assert "Télécharger (" in text_of(dan_client.get(url))


def test_a_damaged_archive_is_offered_for_download(dan_client, comunik, ada, dossier, url):
    hand_in(dossier, comunik, ada, samples.archive()[:-9] + b"123456789", "sources.zip")

    assert "Télécharger (" in text_of(dan_client.get(url))


def test_a_text_file_is_shown_as_text(dan_client, comunik, ada, dossier, url):
    hand_in(dossier, comunik, ada, "# Café <script>".encode(), "notes.md")

    assert "<pre># Café &lt;script&gt;</pre>" in text_of(dan_client.get(url))


def test_the_copy_of_a_video_is_played_and_prepared_for_the_tablet(
    dan_client, client_of, five, fay, comunik, ada, dossier, url
):
    submission = hand_in(dossier, comunik, ada, b"\0\0\0\x14ftypqt  " + b"a" * 90, "film.mov")
    inspection, _made = Inspection.objects.get_or_create(submission=submission)
    inspection.reading_copy.save("copy.mp4", ContentFile(b"a copy"), save=False)
    inspection.reading_copy_bytes = 6
    inspection.save()

    page = text_of(dan_client.get(url))
    kit = dan_client.get("/jury/hors-connexion/").json()
    copy = dan_client.get(f"/jury/depots/{submission.pk}/copie/")

    assert f'<video src="/jury/depots/{submission.pk}/copie/"' in page
    assert [(file["url"], file["size"]) for file in kit["files"]] == [
        (f"/jury/depots/{submission.pk}/copie/", 6)
    ]
    assert b"".join(copy) == b"a copy"
    assert copy.headers["Content-Type"] == "video/mp4"
    assert client_of(fay).get(f"/jury/depots/{submission.pk}/copie/").status_code == 404


QUICKTIME = b"\0\0\0\x14ftypqt  " + b"a" * 90
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"a" * 90
PREPARED = "Une copie lisible ici est en préparation : rechargez la page un peu plus tard."
PREPARED_BELOW = "une copie lisible partout est en préparation."
UNSHOWN = "Ce format ne s’ouvre pas dans la page."
CUT = "La copie montre les 20 premières minutes au plus : pour voir la suite"


def found(submission: Submission, **facts: object) -> Inspection:
    inspection, _made = Inspection.objects.get_or_create(submission=submission)
    inspection.health, inspection.inspected_at = Health.GOOD, NOON
    inspection.facts = {"type": "video", "plays": False, **facts}
    inspection.save()
    return inspection


@pytest.mark.parametrize(
    ("content", "name", "waits", "gave_up"),
    [(QUICKTIME, "film.mov", PREPARED, UNSHOWN), (MP4, "film.mp4", PREPARED_BELOW, "<video")],
)
def test_a_copy_that_is_being_made_is_shown(
    dan_client, comunik, ada, dossier, url, content, name, waits, gave_up
):
    inspection = found(hand_in(dossier, comunik, ada, content, name))

    before = text_of(dan_client.get(url))
    Inspection.objects.filter(pk=inspection.pk).update(copied_at=NOON)
    after = text_of(dan_client.get(url))

    assert waits in before
    assert UNSHOWN not in before
    assert "en préparation" not in after
    assert gave_up in after


@pytest.mark.parametrize(
    ("facts", "is_told"),
    [({"seconds": COPY_SECONDS + 1}, True), ({"seconds": COPY_SECONDS}, False), ({}, True)],
    ids=["longer", "as long", "of unknown length"],
)
def test_a_copy_that_ends_before_the_video_says_so(
    dan_client, comunik, ada, dossier, url, facts, is_told
):
    inspection = found(hand_in(dossier, comunik, ada, QUICKTIME, "film.mov"), **facts)
    inspection.reading_copy.save("copy.mp4", ContentFile(b"a copy"))

    page = text_of(dan_client.get(url))

    assert "copie allégée" in page
    assert (CUT in page) == is_told
    assert ("à savoir" in page) == is_told
