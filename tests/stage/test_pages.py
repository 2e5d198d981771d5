"""The scenes of the projector: what they show, that it is public, and how organizers choose one."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core import extras
from hackathon.base.core.models import LiveMessage
from hackathon.base.core.typography import spaced
from hackathon.base.live.audiences import EVERYONE, department_audience, team_audience
from hackathon.base.live.nouns import noun_of
from hackathon.day.announcements.services import announcements
from hackathon.day.stage import selectors
from hackathon.day.stage.enums import Scene
from hackathon.day.stage.models import ScreenChoice
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import briefs
from hackathon.event.partners import services as partners
from submissions.deposits import services as deposits
from submissions.models import Deliverable
from teams.models import Team
from tests.access.roles import EVERYBODY, browser_of
from tests.addresses import blocks_url
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.queries import queries_of

HTMX = {"HX-Request": "true"}
MARKER = "zqxsecret"
# Digests, tokens and drawings may contain any short text by chance.
RANDOM_TEXT = r"""class="[^"]*"|<svg.*?</svg>|<code>.*?</code>|hx-headers='[^']*'|(?x:
    (?:src|href|content|data-[\w-]+)="(?:[\d. ]+|[^"]*(?:static|http)[^"]*)")"""


@pytest.fixture(autouse=True)
def noon() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def organizer(client_of, eve) -> Client:
    return client_of(eve)


def choose(edition: Edition, scene: str, department: Department | None = None) -> None:
    ScreenChoice.objects.update_or_create(
        edition=edition,
        department=department,
        defaults={
            "scene": scene,
            "chosen_at": NOON,
            "chosen_by": User.objects.get(email="eve@example.org"),
        },
    )


def stage(browser: Client | None = None, where: str = "") -> str:
    path = reverse("stage:scene") + (f"?room={where}" if where else "")
    answer = (browser or Client()).get(path, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def scene_of(page: str) -> str:
    found = re.search(r'data-scene="(\w+)"', page)
    assert found is not None
    return found[1]


def announce(
    edition: Edition, by: User, body: str, *, pinned: bool = False, minutes: int = 0
) -> None:
    announcements.announce(
        edition=edition,
        audience=EVERYONE,
        audience_label="Tout le monde",
        body=body,
        pinned=pinned,
        by=by,
        at=NOON - timedelta(minutes=minutes),
    )


# ---------------------------------------------------------------- contents


@pytest.mark.parametrize("scene", Scene)
@pytest.mark.parametrize(
    "at",
    [
        NOON - timedelta(days=1),
        NOON,
        DEADLINE - timedelta(minutes=2),
        DEADLINE + timedelta(hours=1),
    ],
    ids=["before", "noon", "last", "after"],
)
def test_every_scene_renders_at_every_hour(scene, at, edition, comunik, dossier):
    choose(edition, scene)

    with time_machine.travel(at, tick=False):
        page = stage()

    shown = scene_of(page)
    if scene not in (Scene.AUTO, Scene.SEAL, Scene.ENVELOPES):
        assert shown == scene
    if scene != Scene.CEREMONY:
        assert ("data-countdown" in page) == (at < DEADLINE)


def test_each_scene_shows_its_content(edition, comunik, dossier, ada, eve, world):
    announce(edition, eve, "La plus récente")
    announce(edition, eve, "Épinglée ce matin", pinned=True, minutes=90)
    pages = {}
    for scene in Scene:
        choose(edition, scene)
        pages[scene] = stage()

    assert pages[Scene.NIGHT].count("data-pane") == 2
    assert "La plus récente" in pages[Scene.NIGHT]
    assert "day-line" in pages[Scene.COUNTDOWN]
    assert "Mi-parcours" in pages[Scene.DAY]
    first, _, rest = pages[Scene.ANNOUNCEMENTS].partition("</article>")
    assert "Épinglée ce matin" in first
    assert "La plus récente" in rest
    for word in ("Information et Communication", "Informatique"):
        assert word in pages[Scene.ARRIVALS]
    assert "data-pane" not in pages[Scene.PAUSE]
    assert scene_of(pages[Scene.SEAL]) == scene_of(pages[Scene.AUTO]) == "night"


def test_arrivals_are_the_teams_that_completed_their_deposits_last(
    edition, comunik, pixels, dossier, ada, cleo
):
    Deliverable.objects.create(department=pixels.department, name="Pitch", kind="text", position=1)
    link = Deliverable.objects.create(
        department=comunik.department, name="Slogan", kind="text", position=2
    )
    pitch = pixels.department.deliverables.get()

    def hand_in(deliverable: Deliverable, team: Team, by: User, minute: int) -> None:
        at = NOON - timedelta(minutes=60 - minute)
        deposits.deposit(deliverable, team, text=f"v{minute}", begun_at=at, by=by, at=at)

    dossier.delete()
    hand_in(link, comunik, ada, 10)
    hand_in(pitch, pixels, cleo, 20)
    hand_in(link, comunik, ada, 30)  # another version of a complete team

    found = selectors.stage(edition, at=NOON)
    assert found.arrivals == []
    choose(edition, "arrivals")
    arrivals = selectors.stage(edition, at=NOON).arrivals
    assert [team.team for team in arrivals] == [pixels, comunik]
    assert arrivals[1].completed_at == NOON - timedelta(minutes=50)


def test_the_projectors_of_a_department_show_their_own_scene(edition, infocom, info):
    choose(edition, "day")
    choose(edition, "pause", info)

    assert scene_of(stage()) == scene_of(stage(where="INFOCOM")) == "day"
    assert scene_of(stage(where="info")) == "pause"
    # An unknown code is ignored: a projector never shows an error.
    assert scene_of(stage(where="NULLE-PART")) == "day"
    assert "NULLE-PART" in stage(where="NULLE-PART")


def test_an_old_page_names_the_message_and_fetches_the_new_scene(organizer, edition, info):
    old = stage(where="INFO")

    organizer.post(reverse("stage:choose"), {"scene": "announcements", "department_code": "INFO"})

    message = LiveMessage.objects.latest("pk")
    assert noun_of(message.type) in re.findall(r'data-shows="([^"]*)"', old)[0].split()
    fresh = stage(where=message.data["department"])
    assert scene_of(fresh) == message.data["scene"] == "announcements"


# ---------------------------------------------------------------- secrecy and queries


@pytest.mark.parametrize("scene", Scene)
@pytest.mark.parametrize("at", [NOON, DEADLINE + timedelta(minutes=30)], ids=["day", "after"])
def test_nothing_secret_is_on_the_projector(scene, at, edition, world, eve, request):
    briefs.write(
        department=world.objects["department"],
        title=f"Titre {MARKER}",
        body=f"Texte {MARKER}",
        published_at=DEADLINE + timedelta(days=1),
        by=eve,
        at=NOON,
    )
    team = world.objects["team"]
    for audience in (
        team_audience(team.pk),
        department_audience(team.department_id),
    ):
        announcements.announce(
            edition=edition, audience=audience, audience_label=MARKER, body=MARKER, by=eve, at=NOON
        )
    announce(edition, eve, f"plus tard {MARKER}", minutes=-60 * 24 * 3)
    secrets = [
        MARKER,
        world.objects["question"].body,
        world.objects["submission"].filename,
        world.objects["submission"].sha256,
        world.objects["deliverable"].name,
        world.objects["extension"].reason,
        team.join_code,
        "214",
        "Ada",
        "Eve",
        "eve@example.org",
    ]
    choose(edition, scene)

    with time_machine.travel(at, tick=False):
        for role in sorted(EVERYBODY):
            browser = browser_of(role, request)
            page = stage(browser) + browser.get(reverse("stage:projector")).content.decode()
            text = re.sub(RANDOM_TEXT, "", page)
            assert [each for each in secrets if re.search(rf"\b{re.escape(each)}\b", text)] == [], (
                role
            )


@pytest.mark.parametrize("scene", Scene)
def test_the_number_of_queries_does_not_depend_on_the_number_of_teams(
    scene, edition, comunik, dossier, eve
):
    choose(edition, scene)
    announce(edition, eve, "un")

    def queries() -> int:
        return queries_of(lambda: stage(where="INFOCOM"))

    queries()  # fills the caches of the process
    with_one = queries()
    for number in range(3):
        student = make_user(f"s{number}@example.org", "S")
        make_team(comunik.department, f"Équipe {number}", student, floor=number)
        announce(edition, eve, f"encore {number}")

    assert queries() == with_one <= 14


# ---------------------------------------------------------------- choosing a scene


def test_an_organizer_chooses_a_scene(organizer, edition, eve):
    dialog = organizer.get(reverse("stage:choose"), headers=HTMX).content.decode()
    answer = organizer.post(reverse("stage:choose"), {"scene": "day"}, headers=HTMX)

    assert dialog.count('class="scene-tile"') == len([*Scene, *extras.scenes(edition)])
    assert spaced("La journée : tous les écrans.") in answer.content.decode()
    assert scene_of(stage()) == "day"
    block = organizer.get(blocks_url("screens")).content.decode()
    assert re.search(r"La journée.*Eve, 13:00", block, re.S)


@pytest.mark.parametrize(
    ("at", "scene"), [(NOON, "night"), (DEADLINE + timedelta(hours=1), "seal")]
)
def test_a_scene_of_an_extra_that_is_not_installed_is_the_automatic_one(
    organizer, edition, eve, at, scene
):
    ScreenChoice.objects.create(edition=edition, scene="disco", chosen_at=NOON, chosen_by=eve)

    with time_machine.travel(at, tick=False):
        shown = stage()
        dialog = organizer.get(reverse("stage:choose"), headers=HTMX).content.decode()
        block = organizer.get(blocks_url("screens")).content.decode()

    assert scene_of(shown) == scene
    assert re.findall(r'value="(\w+)" aria-current="true"', dialog) == ["auto"]
    assert "automatique" in block


def test_each_scene_has_its_own_preview():
    styles = (settings.BASE_DIR / "hackathon/static/css/page-scenes.css").read_text()

    assert [scene for scene in Scene if f".is-{scene.value}" not in styles] == []


def test_a_department_has_its_own_scene_and_then_follows_the_others(organizer, edition, info):
    path = reverse("stage:choose")

    organizer.post(path, {"scene": "pause", "department_code": "INFO"})
    dialog = organizer.get(path, headers=HTMX).content.decode()
    block = organizer.get(blocks_url("screens")).content.decode()
    assert scene_of(stage(where="INFO")) == "pause"
    assert "Informatique montre autre chose" in dialog
    assert "Informatique ·" in block

    answer = organizer.post(path, {"scene": "follow", "department_code": "INFO"}, headers=HTMX)
    assert spaced("Comme partout : Informatique.") in answer.content.decode()
    assert scene_of(stage(where="INFO")) == "night"


@pytest.mark.parametrize("typed", [{}, {"scene": "disco"}, {"scene": "seal"}, {"scene": "follow"}])
def test_an_impossible_scene_is_refused(organizer, edition, typed):
    answer = organizer.post(reverse("stage:choose"), typed)

    assert answer.status_code == 422
    assert not ScreenChoice.objects.exists()


def test_the_seal_is_disabled_before_the_deadline(organizer, edition):
    path = reverse("stage:choose")

    before = organizer.get(path).content.decode()
    with time_machine.travel(DEADLINE + timedelta(minutes=1), tick=False):
        after = organizer.get(path).content.decode()

    assert 'disabled title="Rien n’est scellé avant l’heure limite' in before
    assert "disabled title=" not in after


def test_the_service_worker_is_below_the_address_of_its_page(edition):
    answer = Client().get(reverse("stage:projector-watch"))

    assert answer["Content-Type"].startswith("text/javascript")
    assert reverse("stage:projector-watch").startswith(reverse("stage:projector"))


def test_partners_are_thanked(client, edition, eve):
    partners.save_partner(
        edition=edition, name="Ville", sentence="Elle offre le repas.", by=eve, at=NOON
    )
    ScreenChoice.objects.create(
        edition=edition, scene=Scene.PARTNERS, chosen_at=NOON, chosen_by=eve
    )

    page = client.get(reverse("stage:projector")).text

    assert "Ville" in page
    assert "Elle offre le repas." in page
