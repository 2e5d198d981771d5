"""The scene « Le sujet »: loaded beforehand, encrypted, and shown from the instant on."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core import encryption
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.received_files import received_file
from hackathon.day.stage.models import Projector, ScreenChoice
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.services import briefs
from hackathon.event.partners import services as partners
from hackathon.extras.brief_scene import rules, selectors, services
from hackathon.extras.brief_scene.enums import ShowKind
from hackathon.extras.brief_scene.periodic import make_scene_package
from hackathon.run.demo import content
from tests.addresses import blocks_url
from tests.conftest import DEADLINE, NOON
from tests.partners.conftest import PNG
from tests.responses import whole_response

CLIENT = "Épicerie Zqxcli"
TITLE = "Zqxtitre"
FILM = b"\x00\x00\x00\x18ftypmp42" + b"zqxfilm" * 100
INSTANT = NOON + timedelta(hours=1)
RIGHT = {"clock_error_ms": "40"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def east(edition, brief, eve) -> Projector:
    Edition.objects.update(client=CLIENT)
    Brief.objects.update(title=TITLE, published_at=INSTANT)
    edition.refresh_from_db()
    partners.write_client(edition=edition, logo=received_file(PNG, "zqx.png"), by=eve, at=NOON)
    return projectors.save(edition=edition, name="Amphi Est", room="Amphi 1", by=eve, at=NOON)


def save(edition: Edition, by: User, file: Any = None, **more: Any) -> None:
    values = {"slide_seconds": 5, "works_offline": True, **more}
    services.save(edition=edition, file=file, by=by, at=NOON, **values)


def film() -> Any:
    return received_file(FILM, "zqxfilm.mp4")


def report(client: Client, projector: Projector, **values: str) -> dict[str, Any]:
    answer = client.post(reverse("brief_scene:report", args=[projector.key]), RIGHT | values)
    assert answer.status_code == 200
    return answer.json()


def opened(client: Client, projector: Projector) -> tuple[dict[str, Any], bytes]:
    """The manifest of the package that the projector may open, and the bytes of its files."""
    known = report(client, projector)
    sealed = b"".join(client.get(known["package"]["url"]).streaming_content)
    plain = b"".join(encryption.decrypt(BytesIO(sealed), known["key"]))
    length = int.from_bytes(plain[:4])
    return json.loads(plain[4 : 4 + length]), plain[4 + length :]


# ---------------------------------------------------------------- the key


@pytest.mark.parametrize(
    ("before", "offline", "error", "expected"),
    [
        (timedelta(minutes=11), True, 40, False),
        (timedelta(minutes=10), True, 40, True),
        (timedelta(minutes=10), True, 501, False),  # its clock could show the brief too early
        (timedelta(minutes=10), True, None, False),
        (timedelta(minutes=10), False, 40, False),
        (timedelta(seconds=1), False, 40, False),
        (timedelta(0), False, None, True),
        (timedelta(0), True, 9999, True),
    ],
)
def test_when_a_projector_gets_the_key(before, offline, error, expected):
    due = rules.key_is_due(
        INSTANT, works_offline=offline, clock_error_ms=error, at=INSTANT - before
    )
    assert due is expected


@pytest.mark.system
def test_a_projector_loads_the_package_at_once_and_gets_its_key_ten_minutes_before(
    client, east, edition, eve, noon
):
    save(edition, eve, film())
    services.pack(edition.pk, at=NOON)

    early = report(client, east)
    noon.move_to(INSTANT - timedelta(minutes=10))
    late = report(client, east)
    manifest, files = opened(client, east)

    assert early["instant"] == late["instant"] == INSTANT.isoformat()
    assert early["package"] == late["package"]
    assert (early["key"], len(late["key"])) == ("", 43)
    assert manifest["client"] == CLIENT
    assert [line["title"] for line in manifest["departments"]] == [TITLE]
    assert [entry["id"] for entry in manifest["attachments"]] == ["logo", "film"]
    assert files.startswith(PNG + FILM)


@pytest.mark.system
def test_before_the_instant_nothing_that_leaves_the_site_can_be_read(client, east, edition, eve):
    save(edition, eve, film())
    services.pack(edition.pk, at=NOON)
    ScreenChoice.objects.create(edition=edition, scene="brief", chosen_at=NOON, chosen_by=eve)
    known = report(client, east)

    pages = [
        client.get(reverse("stage:projection", args=[east.key])).text,
        client.get(reverse("stage:projector")).text,
        client.get(reverse("brief_scene:room-ready", args=[east.ready_key])).text,
        whole_response(client.get(known["package"]["url"])),
        str(known),
        *(str(message.data) for message in LiveMessage.objects.all()),
        *(str(entry.detail) for entry in JournalEntry.objects.all()),
    ]

    secrets = (CLIENT, "zqxcli", TITLE, "zqxfilm", "zqx.png")
    assert not [word for word in secrets for page in pages if word.lower() in page.lower()]
    assert INSTANT.isoformat() not in client.get(reverse("stage:projector")).text


def test_only_the_keys_of_projectors_open_the_package_s_address(
    client, client_of, east, edition, ada
):
    package = services.pack(edition.pk, at=NOON)
    assert package is not None
    other = reverse("brief_scene:package", args=["x" * 32, package.pk])

    for browser in (client, client_of(ada)):
        assert browser.get(other).status_code == 404
        for name in ("stage:projection", "brief_scene:report"):
            wrong = reverse(name, args=[east.ready_key])  # the room's key is not the projector's
            assert browser.post(wrong, RIGHT).status_code in (404, 405)
            assert browser.get(wrong).status_code in (404, 405)


# ---------------------------------------------------------------- what it contains


def test_what_is_secret_at_the_instant_is_not_in_the_package(
    client, east, edition, info, eve, noon
):
    briefs.write(
        department=info,
        title="Zqxplustard",
        body="x",
        published_at=INSTANT + timedelta(hours=1),
        by=eve,
        at=NOON,
    )
    partners.write_client(edition=edition, public_at=INSTANT + timedelta(days=1), by=eve, at=NOON)
    services.pack(edition.pk, at=NOON)
    noon.move_to(INSTANT)

    manifest, _files = opened(client, east)

    assert manifest["client"] == ""
    assert manifest["attachments"] == []
    assert [line["title"] for line in manifest["departments"]] == [TITLE, ""]


@pytest.mark.system
def test_a_pdf_becomes_one_picture_a_page(client, east, edition, eve, noon):
    save(edition, eve, received_file(content.pdf("Diapositives", CLIENT, seed=1), "zqx.pdf"))
    package = services.pack(edition.pk, at=NOON)
    noon.move_to(INSTANT)

    manifest, _files = opened(client, east)

    assert package is not None
    slides = [entry for entry in manifest["attachments"] if entry["id"] != "logo"]
    assert len(slides) == package.slides > 0
    assert {entry["type"] for entry in slides} == {"image/webp"}


@pytest.mark.system
def test_a_pdf_that_cannot_be_shown_is_said_to_organizers(client_of, east, edition, eve):
    save(edition, eve, received_file(b"%PDF-1.4 broken", "zqx.pdf"))

    services.pack(edition.pk, at=NOON)

    page = client_of(eve).get(reverse("brief_scene:edit", args=[edition.slug])).text
    assert "Ce PDF ne s’ouvre pas" in page.replace("\xa0", " ")
    assert "les écrans gardent le fichier enregistré" in page


def test_a_change_makes_another_package_with_another_key(
    east, edition, eve, django_capture_on_commit_callbacks
):
    first = services.pack(edition.pk, at=NOON)
    assert first is not None
    assert services.pack(edition.pk, at=NOON) is None  # it is up to date

    Brief.objects.update(title="Autre")
    with django_capture_on_commit_callbacks(execute=True):
        make_scene_package()
        second = services.pack(edition.pk, at=NOON) or edition.scene_package

    assert second.pk != first.pk
    assert second.key != first.key
    assert not default_storage.exists(first.file.name)


def test_packages_of_an_edition_that_is_over_are_removed(east, edition):
    services.pack(edition.pk, at=NOON)

    services.remove_outdated(at=DEADLINE)
    assert selectors.package_of(edition, selectors.contents(edition)) is not None
    services.remove_outdated(at=DEADLINE + timedelta(seconds=1))

    assert selectors.package_of(edition, selectors.contents(edition)) is None


def test_a_file_of_another_kind_is_refused_and_nothing_is_lost(client_of, east, edition, eve):
    save(edition, eve, film())
    body = {"slide_seconds": "9", "file": received_file(b"MZ program", "zqx.exe")}

    answer = client_of(eve).post(reverse("brief_scene:edit", args=[edition.slug]), body)

    assert answer.status_code == 422
    assert "ni un PDF ni une vidéo" in str(answer.context["form"].errors)
    assert selectors.scene_of(edition).kind == ShowKind.FILM


def test_the_file_can_be_removed(east, edition, eve):
    save(edition, eve, film())

    save(edition, eve, without_file=True)

    scene = selectors.scene_of(edition)
    assert (scene.kind, bool(scene.file), scene.slide_seconds) == (ShowKind.NONE, False, 5)


# ---------------------------------------------------------------- the instant


def moved(to: datetime) -> None:
    Brief.objects.update(published_at=to)


def test_a_projector_learns_that_the_instant_has_moved(client, client_of, east, edition, eve):
    services.pack(edition.pk, at=NOON)
    organizer = client_of(eve)

    def states() -> str:
        return organizer.get(blocks_url("projectors")).text.replace("\xa0", " ")

    known = report(client, east)
    report(client, east, known_instant=known["instant"], package=known["package"]["id"])
    assert "n’a pas encore reçu l’heure" not in states()
    moved(INSTANT + timedelta(minutes=20))
    late = states()
    again = report(client, east, known_instant=known["instant"], package=known["package"]["id"])

    assert "n’a pas encore reçu l’heure" in late
    assert again["instant"] == (INSTANT + timedelta(minutes=20)).isoformat()
    assert again["package"] == known["package"]


def test_projectors_without_a_name_show_client_and_titles_from_the_instant_on(
    client, east, edition, eve, noon
):
    ScreenChoice.objects.create(edition=edition, scene="brief", chosen_at=NOON, chosen_by=eve)
    noon.move_to(INSTANT)

    page = client.get(reverse("stage:projector")).text

    assert 'data-scene="brief"' in page
    assert CLIENT in page
    assert TITLE in page


# ---------------------------------------------------------------- before the instant, in one look


def test_organizers_see_what_each_projector_has(client, client_of, east, edition, eve):
    services.pack(edition.pk, at=NOON)
    organizer = client_of(eve)

    def states() -> str:
        return organizer.get(blocks_url("projectors")).text.replace("\xa0", " ")

    assert "sans nouvelles" in states()
    known = report(client, east)
    assert "pas encore de paquet" in states()
    report(client, east, package=known["package"]["id"], clock_error_ms="3000")
    assert "horloge incertaine" in states()
    report(client, east, package=known["package"]["id"], has_key="on")
    complete = states()

    assert "horloge incertaine" not in complete
    assert "pas encore de paquet" not in complete
    assert "peut se passer de réseau" in complete
    assert "salle pas encore prête" in complete


def test_reports_without_news_send_no_message(client, east):
    report(client, east)
    before = LiveMessage.objects.count()

    report(client, east)
    report(client, east, clock_error_ms="60")

    assert LiveMessage.objects.count() == before


def test_a_helper_says_that_the_room_is_ready(client, client_of, east, edition, eve):
    address = reverse("brief_scene:room-ready", args=[east.ready_key])

    shown = client.get(address).text
    client.post(address, {"is_ready": "on"})
    seen = client_of(eve).get(blocks_url("projectors")).text.replace("\xa0", " ")
    east.refresh_from_db()
    said = east.ready_at
    client.post(address, {})
    east.refresh_from_db()

    assert "Amphi Est" in shown
    assert said == NOON
    assert "salle pas encore prête" not in seen
    assert east.ready_at is None
    acts = list(JournalEntry.objects.order_by("pk").values_list("act", "by"))
    assert acts[-2:] == [("projector.readied", None), ("projector.unreadied", None)]


def test_the_link_of_the_room_ends_at_the_instant(client, east, noon):
    address = reverse("brief_scene:room-ready", args=[east.ready_key])
    noon.move_to(INSTANT)

    assert client.get(address).status_code == 404
    assert client.post(address, {"is_ready": "on"}).status_code == 404
    east.refresh_from_db()
    assert east.ready_at is None


def test_the_projector_s_key_is_not_the_room_s(client, east):
    assert client.get(reverse("brief_scene:room-ready", args=[east.key])).status_code == 404


def test_an_incomplete_report_is_refused(client, east):
    answer = client.post(reverse("brief_scene:report", args=[east.key]), {"package": "x"})

    assert answer.status_code == 422
    east.refresh_from_db()
    assert east.reported_at is None
