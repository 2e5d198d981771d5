"""Projectors have a name, and an address that nobody can guess."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.day.stage.models import Projector
from hackathon.day.stage.projectors import services
from hackathon.day.stage.projectors.rules import GONE, PROJECTORS_MAX
from hackathon.event.editions.models import Edition
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def noon() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def east(edition, eve) -> Projector:
    return services.save(edition=edition, name="Amphi Est", room="Amphi 1", by=eve, at=NOON)


@pytest.fixture
def organizer(client_of, eve) -> Client:
    return client_of(eve)


def page_of(projector: Projector, name: str = "stage:projection") -> str:
    return reverse(name, args=[projector.key])


def test_an_organizer_adds_renames_and_removes_a_projector(organizer, edition):
    pages = reverse("stage:projectors", args=[edition.slug])

    added = organizer.post(pages, {"name": "Amphi Est", "room": "Amphi 1"}, follow=True)
    projector = edition.projectors.get()
    own = reverse("stage:projector-edit", args=[edition.slug, projector.pk])
    assert page_of(projector) in added.content.decode()
    organizer.post(own, {"name": "Amphi Nord", "room": "Amphi 1"})
    renamed = edition.projectors.get()
    organizer.post(reverse("stage:projector-remove", args=[edition.slug, projector.pk]))

    assert (renamed.name, renamed.key) == ("Amphi Nord", projector.key)
    assert not edition.projectors.exists()
    acts = [entry.act for entry in JournalEntry.objects.order_by("pk")]
    assert acts == ["projector.added", "projector.changed", "projector.removed"]
    assert not any(projector.key in str(entry.detail) for entry in JournalEntry.objects.all())


def test_its_page_shows_the_stage_under_its_name(client, east):
    page = client.get(page_of(east))

    shown = page.content.decode()
    assert "Amphi Est" in shown
    assert f'data-src="{page_of(east, "stage:projection-scene")}"' in shown
    assert 'data-scene="night"' in client.get(page_of(east, "stage:projection-scene")).text


def test_new_addresses_replace_the_former_ones(client, organizer, east, edition):
    former = [page_of(east, f"stage:projection{end}") for end in ("", "-scene", "-watch")]

    organizer.post(reverse("stage:projector-renew", args=[edition.slug, east.pk]))

    assert [client.get(address).status_code for address in former] == [404, 404, 404]
    assert client.get(page_of(edition.projectors.get())).status_code == 200


def test_a_projector_of_another_edition_shows_nothing(client, east, edition):
    Edition.objects.update(is_current=False)

    assert client.get(page_of(east)).status_code == 404


def test_two_projectors_of_an_edition_have_different_names(organizer, east, edition):
    answer = organizer.post(
        reverse("stage:projectors", args=[edition.slug]), {"name": "amphi est", "room": "2"}
    )

    assert answer.status_code == 422
    assert "choisissez un autre nom" in answer.context["form"].errors["__all__"][0]
    assert edition.projectors.count() == 1


def test_an_edition_has_a_limited_number_of_projectors(edition, eve):
    for number in range(PROJECTORS_MAX):
        services.save(edition=edition, name=f"Amphi {number}", room="", by=eve, at=NOON)

    with pytest.raises(Refused, match="too_many_projectors"):
        services.save(edition=edition, name="Encore un", room="", by=eve, at=NOON)


def test_only_organizers_change_projectors(east, edition, ada):
    for act in (
        lambda: services.save(edition=edition, name="X", room="", by=ada, at=NOON),
        lambda: services.renew(projector=east, by=ada, at=NOON),
        lambda: services.remove(projector=east, by=ada, at=NOON),
    ):
        with pytest.raises(Refused, match="not_organizer"):
            act()
    assert edition.projectors.get().key == east.key


def test_the_message_goes_to_organizers_and_says_nothing(east):
    told = LiveMessage.objects.get(type="projector.changed")

    assert (told.audiences, told.data) == ("|organizers|", {})


def test_the_remote_names_projectors_whose_film_has_no_sound(organizer, east, noon):
    def remote(**values: Any) -> str:
        Projector.objects.update(**values)
        return organizer.get(reverse("stage:remote")).text.replace("\xa0", " ")

    sentence = "Amphi Est : sans son, cliquez sur l’écran"
    pages = [remote(is_muted=True, said_at=NOON), remote(is_muted=False)]
    noon.shift(GONE + timedelta(seconds=1))
    pages.append(remote(is_muted=True))

    assert [sentence in page for page in pages] == [True, False, False]
