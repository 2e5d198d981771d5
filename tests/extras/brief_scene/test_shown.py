"""Projectors with a name show the scene « Le sujet » by themselves, around its instant."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.core import extras
from hackathon.base.core.preflight import registry
from hackathon.base.core.received_files import received_file
from hackathon.day.stage import rules as stage
from hackathon.day.stage import selectors
from hackathon.day.stage import services as screens
from hackathon.day.stage.enums import Scene
from hackathon.day.stage.models import Projector
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.services import briefs
from hackathon.extras.brief_scene import rules, services
from hackathon.extras.brief_scene.selectors import period_of, readiness
from hackathon.run.demo.content import VIDEO_SECONDS, video
from tests.addresses import blocks_url
from tests.conftest import DEADLINE, NOON

INSTANT = NOON + timedelta(hours=1)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ENDS = INSTANT + rules.TITLES  # it has neither film nor slides


@pytest.fixture(autouse=True)
def noon() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def east(edition, brief, eve) -> Projector:
    Brief.objects.update(published_at=INSTANT)
    return projectors.save(edition=edition, name="Amphi Est", room="", by=eve, at=NOON)


@pytest.fixture
def packed(edition, east) -> Projector:
    assert services.pack(edition.pk, at=NOON)
    return east


def stage_of(client: Client, projector: Projector | None = None) -> str:
    if projector is None:
        return client.get(reverse("stage:scene")).text
    return client.get(reverse("stage:projection-scene", args=[projector.key])).text


def scene_of(page: str) -> str:
    return re.findall(r'data-scene="(\w+)"', page)[0]


def refreshed_at(page: str) -> datetime:
    return datetime.fromisoformat(re.findall(r'<template data-at="([^"]+)"', page)[-1])


@pytest.mark.parametrize(
    ("at", "scene"),
    [
        (INSTANT - rules.BEFORE - SECOND, Scene.NIGHT),
        (INSTANT - rules.BEFORE, "brief"),
        (INSTANT, "brief"),
        (INSTANT + 5 * MINUTE, "brief"),
        (ENDS - SECOND, "brief"),
        (ENDS, Scene.NIGHT),
    ],
)
def test_a_projector_with_a_name_shows_the_brief_by_itself_and_no_other(
    client, packed, noon, at, scene
):
    noon.move_to(at)

    assert scene_of(stage_of(client, packed)) == scene
    assert scene_of(client.get(reverse("stage:projection", args=[packed.key])).text) == scene
    assert scene_of(stage_of(client)) == Scene.NIGHT


def test_it_begins_before_projectors_may_get_the_key():
    assert rules.BEFORE > rules.EARLY


def test_without_a_package_projectors_are_as_the_others(client, east, edition, noon):
    noon.move_to(INSTANT - MINUTE)

    assert scene_of(stage_of(client, east)) == Scene.NIGHT
    assert readiness(edition, at=INSTANT - MINUTE).instead is None


def test_an_open_projector_follows_and_another_does_not_learn_the_instant(client, packed, noon):
    noon.move_to(INSTANT - rules.BEFORE - MINUTE)
    before, without_name = stage_of(client, packed), stage_of(client)
    noon.move_to(ENDS - MINUTE)
    last = stage_of(client, packed)

    assert refreshed_at(before) == INSTANT - rules.BEFORE
    assert refreshed_at(last) == ENDS
    assert refreshed_at(without_name) > INSTANT - rules.BEFORE


def test_a_moved_instant_moves_the_scene(client, packed, edition, eve, noon):
    noon.move_to(INSTANT - 5 * MINUTE)
    before = scene_of(stage_of(client, packed))

    briefs.move(edition=edition, to=INSTANT + 20 * MINUTE, by=eve, at=INSTANT - 5 * MINUTE)
    later = stage_of(client, packed)
    briefs.move(edition=edition, to=INSTANT - MINUTE, by=eve, at=INSTANT - 5 * MINUTE)
    earlier = scene_of(stage_of(client, packed))

    assert (before, scene_of(later), earlier) == ("brief", Scene.NIGHT, "brief")


def test_it_stays_while_a_newer_package_is_made(client, packed, noon):
    noon.move_to(INSTANT + MINUTE)

    Brief.objects.update(title="Sans la faute")

    assert scene_of(stage_of(client, packed)) == "brief"


def test_of_two_instants_the_first_one_counts(client, packed, info, noon):
    later = ENDS + timedelta(hours=1)
    Brief.objects.create(department=info, title="Plus tard", published_at=later)

    noon.move_to(INSTANT)
    first = scene_of(stage_of(client, packed))
    noon.move_to(later)
    second = scene_of(stage_of(client, packed))

    assert (first, second) == ("brief", Scene.NIGHT)


def test_countdown_seal_and_ceremony_come_before_the_brief(edition):
    def shown(at: datetime) -> object:
        periods = [(scene, rules.period(at, 0)) for scene in extras.scenes(edition)]
        auto = Scene.AUTO
        return stage.scene_shown(edition, auto, periods=periods, has_ceremony=True, at=at)

    assert shown(DEADLINE - 5 * MINUTE) == Scene.COUNTDOWN
    assert shown(DEADLINE + timedelta(hours=12)) == Scene.CEREMONY


@pytest.mark.system
def test_the_titles_stay_after_the_whole_film(east, edition, eve):
    film = received_file(video(seed=1), "film.mp4")
    services.save(edition=edition, file=film, slide_seconds=5, works_offline=True, by=eve, at=NOON)
    services.pack(edition.pk, at=NOON)

    period = period_of(edition)

    assert period == (INSTANT - rules.BEFORE, ENDS + VIDEO_SECONDS * SECOND)


# ---------------------------------------------------------------- another scene was chosen


def problems(edition: Edition, at: datetime) -> list[str]:
    check = registry.checks["brief_scene.shown"]
    return [problem.text for problem in check.run(edition, at)]


@pytest.mark.parametrize("chosen", [Scene.PAUSE, Scene.CEREMONY, Scene.NIGHT])
def test_a_scene_that_somebody_forgot_is_a_problem_beside_each_room(
    client, client_of, packed, edition, eve, noon, chosen
):
    at = INSTANT - 5 * MINUTE
    noon.move_to(at)
    services.say_ready(projector=packed, is_ready=True, at=at)
    organizer = client_of(eve)
    pages = (blocks_url("projectors"), reverse("stage:projectors", args=[edition.slug]))
    sentence = f"ce projecteur montrera autre chose : {chosen.label}."

    screens.choose(edition=edition, scene=chosen, by=eve, at=at)
    wrong = [organizer.get(page).text.replace("\xa0", " ") for page in pages]
    named = problems(edition, at)
    screens.choose(edition=edition, scene=Scene.AUTO, by=eve, at=at)
    right = [organizer.get(page).text.replace("\xa0", " ") for page in pages]

    assert [sentence in page for page in wrong] == [True, True]
    assert all(reverse("stage:choose") in page and "screen" in page for page in wrong)
    assert str(chosen.label) in named[0]
    assert not any("montrera autre chose" in page for page in right)
    assert problems(edition, at) == []


def test_the_brief_chosen_by_hand_is_no_problem(packed, edition, eve):
    screens.choose(edition=edition, scene="brief", by=eve, at=NOON)

    assert problems(edition, NOON) == []


def test_a_department_s_own_scene_does_not_concern_projectors_with_a_name(
    client, packed, edition, infocom, eve
):
    screens.choose(edition=edition, scene=Scene.PAUSE, department=infocom, by=eve, at=NOON)

    page = client.get(reverse("stage:projection", args=[packed.key]), {"room": "INFOCOM"}).text

    assert scene_of(page) == Scene.NIGHT
    assert problems(edition, NOON) == []


# ---------------------------------------------------------------- the control room


def test_the_control_room_says_which_screens_show_the_brief_and_follows(
    client_of, packed, edition, eve, noon
):
    organizer, blocks = client_of(eve), blocks_url("screens")
    before = organizer.get(blocks).text
    noon.move_to(INSTANT - MINUTE)
    now = organizer.get(blocks).text

    assert refreshed_at(before) == INSTANT - rules.BEFORE
    assert refreshed_at(now) == ENDS
    assert "Projecteurs des amphithéâtres" not in before
    lines = selectors.screen_lines(edition, selectors.periods_of(edition), at=INSTANT)
    assert [(line.shown.value, line.has_name) for line in lines] == [
        (Scene.NIGHT, False),
        ("brief", True),
    ]
    assert re.search(r"Le sujet</b>.*automatique.*Projecteurs des amphithéâtres", now, re.DOTALL)


def test_the_control_room_follows_when_the_countdown_begins(client_of, edition, eve, noon):
    noon.move_to(DEADLINE - stage.LAST - MINUTE)

    page = client_of(eve).get(blocks_url("screens")).text

    assert refreshed_at(page) == DEADLINE - stage.LAST


def test_the_chosen_scene_is_marked_once_in_the_dialog(client_of, packed, eve, noon):
    noon.move_to(INSTANT)

    page = client_of(eve).get(reverse("stage:choose")).text

    assert re.findall(r'value="(\w+)" aria-current="true"', page) == [Scene.AUTO]
