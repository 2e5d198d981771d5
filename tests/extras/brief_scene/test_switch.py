"""With the extra off, projectors show what the core shows, and no key leaves the site."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.core.errors import Refused
from hackathon.base.core.preflight import checks
from hackathon.day.stage import services as screens
from hackathon.day.stage.models import Projector
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.services import editions
from hackathon.extras.brief_scene import selectors, services
from hackathon.extras.brief_scene.models import BriefScene
from tests.addresses import blocks_url
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
INSTANT = NOON + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def before() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def east(edition, brief, eve) -> Projector:
    """Its package is made, and « Le sujet » was chosen."""
    Brief.objects.update(published_at=INSTANT)
    projector = projectors.save(edition=edition, name="Amphi Est", room="", by=eve, at=NOON)
    assert services.pack(edition.pk, at=NOON)
    screens.choose(edition=edition, scene="brief", by=eve, at=NOON)
    return projector


def switch_off() -> None:
    edition = Edition.objects.get()
    edition.extras.remove("brief_scene")
    edition.save(update_fields=["extras"])


def test_a_projector_for_which_the_scene_was_chosen_shows_what_is_automatic(
    client, client_of, east, eve
):
    pages = [reverse("stage:projection", args=[east.key]), reverse("stage:projector")]
    on = [client.get(page).text for page in pages]
    switch_off()
    off = [client.get(page).text for page in pages]
    organizer = client_of(eve)
    choice, screens_block = organizer.get(reverse("stage:choose")).text, blocks_url("screens")

    assert ['data-scene="brief"' in page for page in on] == [True, True]
    assert ['data-scene="night"' in page for page in off] == [True, True]
    assert ["brief-out" in page or "brief-show" in page for page in off] == [False, False]
    assert 'value="brief"' not in choice
    assert 'value="auto" aria-current="true"' in choice
    assert organizer.get(screens_block).status_code == 200


def test_no_key_no_package_and_no_link_of_a_room(client, client_of, east, eve):
    package = selectors.scene_of(Edition.objects.get()).edition.scene_package
    switch_off()
    Brief.objects.update(title="Autre")
    edition = Edition.objects.get()

    answers = [
        client.post(reverse("brief_scene:report", args=[east.key]), {"clock_error_ms": "40"}),
        client.get(reverse("brief_scene:package", args=[east.key, package.pk])),
        client.get(reverse("brief_scene:room-ready", args=[east.ready_key])),
        client_of(eve).get(reverse("brief_scene:edit", args=[edition.slug])),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert selectors.contents_to_pack(edition, at=NOON) is None
    shown = client_of(eve).get(reverse("stage:projectors", args=[edition.slug])).text
    assert "Amphi Est" in shown
    assert "/projecteurs/sujet/" not in shown
    lines = checks(edition, at=NOON)
    assert not [line for line in lines if line.code.startswith("brief_scene.")]


def test_a_scene_that_the_edition_has_not_is_refused(edition, eve):
    switch_off()
    with pytest.raises(Refused, match="scene_unknown"):
        screens.choose(edition=Edition.objects.get(), scene="brief", by=eve, at=NOON)


def test_a_clone_takes_over_the_settings_and_nothing_of_the_client(edition, eve):
    BriefScene.objects.create(
        edition=edition, kind="film", file="ab/cd", filename="film.mp4", slide_seconds=25
    )

    clone = editions.clone(
        source=edition, slug="next", name="Next", starts_at=edition.starts_at, by=eve, at=NOON
    )

    scene = clone.brief_scene
    assert (scene.slide_seconds, scene.kind, scene.file.name, scene.filename) == (
        *(25, "none"),
        *("", ""),
    )
