from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from submissions.deposits import services as deposits
from submissions.enums import Health
from submissions.inspection.dispatch import COPY_SECONDS
from submissions.models import Deliverable, Inspection, Submission
from teams.models import Team
from tests.conftest import NOON
from tests.judging.conftest import text_of
from tests.submissions.conftest import file_at
from tests.submissions.inspection import samples

type Browser = Callable[[User], Client]

pytestmark = pytest.mark.usefixtures("night")


@pytest.fixture
def url(comunik: Team) -> str:
    return reverse("judging:sheet", args=["INFOCOM", comunik.pk])


def hand_in(
    deliverable: Deliverable, team: Team, by: User, content: bytes, name: str
) -> Submission:
    Deliverable.objects.filter(pk=deliverable.pk).update(formats=[])
    deliverable.refresh_from_db()
    return deposits.deposit(
        deliverable, team, file=file_at(NOON, content, name), begun_at=NOON, by=by, at=NOON
    )


def test_the_contents_of_an_archive_are_listed_with_its_readme(
    dan_client: Client, comunik: Team, ada: User, dossier: Deliverable, url: str
) -> None:
    files = {
        "site/index.html": b"<h1>GRAAL</h1>",
        "site/app.js": b"x" * 2000,
        "LISEZMOI.txt": b"Ouvrir <b>site</b>",
    }
    submission = hand_in(dossier, comunik, ada, samples.archive(files), "sources.zip")
    Inspection.objects.update_or_create(submission=submission, defaults={"facts": {"entries": 3}})

    page = text_of(dan_client.get(url))

    assert "<li><span>site/app.js</span>" in page
    assert "2 ko" in page
    assert "Ouvrir &lt;b&gt;site&lt;/b&gt;" in page
    assert "&lt;h1&gt;" not in page


@pytest.mark.parametrize("facts", [{}, {"entries": 2_000_000}])
def test_an_archive_that_no_confined_process_has_opened_or_with_too_many_entries_is_not_opened(
    dan_client: Client,
    comunik: Team,
    ada: User,
    dossier: Deliverable,
    url: str,
    facts: dict[str, int],
) -> None:
    submission = hand_in(dossier, comunik, ada, samples.archive(), "sources.zip")
    Inspection.objects.update_or_create(submission=submission, defaults={"facts": facts})

    assert "Télécharger (" in text_of(dan_client.get(url))


def test_a_damaged_archive_is_offered_for_download(
    dan_client: Client, comunik: Team, ada: User, dossier: Deliverable, url: str
) -> None:
    hand_in(dossier, comunik, ada, samples.archive()[:-9] + b"123456789", "sources.zip")

    assert "Télécharger (" in text_of(dan_client.get(url))


def test_a_text_file_is_shown_as_text(
    dan_client: Client, comunik: Team, ada: User, dossier: Deliverable, url: str
) -> None:
    hand_in(dossier, comunik, ada, "# Café <script>".encode(), "notes.md")

    assert "<pre># Café &lt;script&gt;</pre>" in text_of(dan_client.get(url))


def test_the_copy_of_a_video_is_played_and_prepared_for_the_tablet(
    dan_client: Client,
    client_of: Browser,
    five: Team,
    fay: User,
    comunik: Team,
    ada: User,
    dossier: Deliverable,
    url: str,
) -> None:
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
    dan_client: Client,
    comunik: Team,
    ada: User,
    dossier: Deliverable,
    url: str,
    content: bytes,
    name: str,
    waits: str,
    gave_up: str,
) -> None:
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
    dan_client: Client,
    comunik: Team,
    ada: User,
    dossier: Deliverable,
    url: str,
    facts: dict[str, object],
    is_told: bool,
) -> None:
    inspection = found(hand_in(dossier, comunik, ada, QUICKTIME, "film.mov"), **facts)
    inspection.reading_copy.save("copy.mp4", ContentFile(b"a copy"))

    page = text_of(dan_client.get(url))

    assert "copie allégée" in page
    assert (CUT in page) == is_told
    assert ("à savoir" in page) == is_told
