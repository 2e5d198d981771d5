from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.day.stage import rules, selectors
from hackathon.day.stage import services as screens
from hackathon.day.stage.enums import Scene
from hackathon.day.stage.errors import StageRefusal
from hackathon.day.stage.models import ScreenChoice
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department, Edition
from tests.conftest import DEADLINE, NOON
from tests.refusals import refuses

SECOND = timedelta(seconds=1)


def shown(edition: Edition, department: Department | None = None) -> str | None:
    choices = selectors.screen_choices(edition)
    found = rules.chosen(choices, department.pk if department else None)
    return found.scene if found else None


def test_a_choice_is_saved_journalled_and_published(edition, eve):
    screens.choose(edition=edition, scene="day", by=eve, at=NOON)
    choice = screens.choose(edition=edition, scene="pause", by=eve, at=NOON + SECOND)

    assert shown(edition) == "pause"
    assert (choice.chosen_by, choice.chosen_at) == (eve, NOON + SECOND)
    assert ScreenChoice.objects.count() == 1
    note = JournalEntry.objects.latest("pk")
    assert (note.act, note.by, note.detail["scene"]) == ("screen.switched", eve, "pause")
    message = LiveMessage.objects.latest("pk")
    assert (message.type, message.audience_names) == ("screen.switched", ("everyone",))
    assert message.data == {"department": None, "scene": "pause"}


def test_a_choice_for_a_department_holds_until_one_for_all(edition, infocom, info, eve):
    act: dict[str, Any] = {"edition": edition, "by": eve, "at": NOON}
    screens.choose(scene="night", **act)
    screens.choose(scene="announcements", department=infocom, **act)

    assert (shown(edition), shown(edition, infocom)) == ("night", "announcements")
    assert shown(edition, info) == "night"
    assert LiveMessage.objects.latest("pk").data["department"] == "INFOCOM"

    screens.follow_others(department=infocom, **act)
    assert shown(edition, infocom) == "night"
    assert LiveMessage.objects.latest("pk").data == {"department": "INFOCOM", "scene": None}

    screens.choose(scene="day", department=info, **act)
    screens.choose(scene="pause", **act)
    assert {shown(edition, d) for d in (None, infocom, info)} == {"pause"}


def test_clearing_no_choice_publishes_nothing(edition, infocom, eve):
    screens.follow_others(edition=edition, department=infocom, by=eve, at=NOON)

    assert not LiveMessage.objects.exists()
    assert not JournalEntry.objects.exists()


def test_a_choice_in_another_edition_is_not_published(edition, eve):
    Edition.objects.update(is_current=False)

    screens.choose(edition=edition, scene="day", by=eve, at=NOON)

    assert shown(edition) == "day"
    assert not LiveMessage.objects.exists()


def test_outsiders_choose_nothing(edition, infocom, ada):
    for attempt in (
        lambda: screens.choose(edition=edition, scene="day", by=ada, at=NOON),
        lambda: screens.follow_others(edition=edition, department=infocom, by=ada, at=NOON),
    ):
        with refuses(EditionRefusal.NOT_ORGANIZER):
            attempt()


def test_the_seal_can_be_shown_only_after_the_deadline(edition, eve):
    with refuses(StageRefusal.SCENE_TOO_EARLY):
        screens.choose(edition=edition, scene="seal", by=eve, at=DEADLINE)

    screens.choose(edition=edition, scene="seal", by=eve, at=DEADLINE + SECOND)
    assert shown(edition) == "seal"


@pytest.mark.parametrize(
    ("at", "scene"),
    [
        (NOON - timedelta(hours=6), Scene.NIGHT),
        (NOON, Scene.NIGHT),
        (DEADLINE - rules.LAST - SECOND, Scene.NIGHT),
        (DEADLINE - rules.LAST, Scene.COUNTDOWN),
        (DEADLINE, Scene.COUNTDOWN),
        (DEADLINE + SECOND, Scene.NIGHT),
        (DEADLINE + timedelta(minutes=10), Scene.NIGHT),
        (DEADLINE + timedelta(minutes=10) + SECOND, Scene.SEAL),
        (DEADLINE + timedelta(hours=12), Scene.SEAL),
    ],
)
def test_without_a_choice_the_scene_follows_the_clock(edition, at, scene):
    assert rules.scene_shown(edition, Scene.AUTO, at=at) == scene
    for chosen in (Scene.DAY, Scene.PAUSE):
        assert rules.scene_shown(edition, chosen, at=at) == chosen


def test_published_results_show_the_winners(edition):
    edition.results_published_at = DEADLINE + timedelta(hours=12)

    at = DEADLINE + timedelta(hours=13)
    assert rules.scene_shown(edition, Scene.AUTO, at=at) == Scene.CEREMONY


def test_a_real_ceremony_comes_before_envelopes(edition):
    there = {"has_envelopes": True, "has_ceremony": True, "at": DEADLINE + timedelta(hours=12)}
    assert rules.scene_shown(edition, Scene.AUTO, **there) == Scene.CEREMONY
    for chosen in (Scene.DAY, Scene.PAUSE, Scene.ENVELOPES):
        assert rules.scene_shown(edition, chosen, **there) == chosen


def test_a_deadline_moved_into_the_future_hides_the_seal(edition):
    at = DEADLINE + SECOND
    assert rules.scene_shown(edition, Scene.SEAL, at=at) == Scene.SEAL

    edition.deadline_at = DEADLINE + timedelta(hours=1)

    assert rules.scene_shown(edition, Scene.SEAL, at=at) == Scene.NIGHT


def test_the_scene_changes_ten_minutes_before_the_deadline(edition):
    lunch = NOON + timedelta(hours=1)

    assert rules.scene_changes_at(edition, [lunch], at=NOON) == lunch
    assert rules.scene_changes_at(edition, [], at=NOON) == DEADLINE - rules.LAST


@pytest.mark.database
@pytest.mark.parametrize("fault", ["two for all", "two for one"])
def test_the_database_refuses_a_second_choice(fault, edition, infocom, eve):
    def write(department: Department | None, scene: str) -> None:
        ScreenChoice.objects.create(
            edition=edition, department=department, scene=scene, chosen_at=NOON, chosen_by=eve
        )

    tries = {
        "two for all": [(None, "day"), (None, "pause")],
        "two for one": [(infocom, "day"), (infocom, "pause")],
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        for department, scene in tries[fault]:
            write(department, scene)
