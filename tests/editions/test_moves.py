from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.day.announcements.services import announcements
from hackathon.event.editions import rules
from hackathon.event.editions.live import public_state
from hackathon.event.editions.models import Edition, Milestone
from hackathon.event.editions.services import briefs, departments, editions, schedule
from tests.conftest import DEADLINE, NOON
from tests.editions.conftest import journalled, published

PARIS = ZoneInfo("Europe/Paris")
EVERYONE_CHANGED = [("everyone", "edition.changed")]


def test_moving_the_deadline_publishes_the_edition(edition, eve):
    later = DEADLINE + timedelta(minutes=30)

    moved = schedule.move(edition=edition, instants={"deadline_at": later}, by=eve, at=NOON)

    edition.refresh_from_db()
    assert edition.deadline_at == moved.deadline_at == later
    assert edition.judging_opens_at == DEADLINE + timedelta(minutes=40)
    message = LiveMessage.objects.get()
    assert (message.audience_names, message.type) == (("everyone",), "edition.changed")
    changed = ["deadline_at", "judging_opens_at"]
    assert message.data == {**public_state(edition, NOON), "changed": changed}
    assert message.data["deadline_at"] == "2020-02-13T22:30:00Z"
    assert journalled() == ["edition.moved"]


def test_all_instants_move_at_once(edition, eve):
    instants = {
        "registration_opens_at": NOON,
        "registration_closes_at": NOON + timedelta(minutes=1),
        "starts_at": NOON + timedelta(minutes=2),
        "deadline_at": NOON + timedelta(minutes=3),
        "grace_seconds": 0,
        "late_policy": "accept",
        "judging_opens_at": NOON + timedelta(minutes=3),
    }

    schedule.move(edition=edition, instants=instants, by=eve, at=NOON)

    edition.refresh_from_db()
    assert {name: getattr(edition, name) for name in instants} == instants


LATER = {"deadline_at": DEADLINE + timedelta(minutes=30)}


def last_act() -> int:
    return JournalEntry.objects.latest("id").pk


def test_undo_restores_everything_that_the_move_changed(edition, eve):
    act: dict[str, Any] = {"edition": edition, "by": eve}
    before = {name: getattr(edition, name) for name in schedule.MOVABLE}
    changed = {"grace_seconds": 5, "late_policy": "accept", **LATER}
    schedule.move(instants=changed, at=NOON, **act)

    schedule.undo(entry_pk=last_act(), at=NOON + rules.UNDO_WITHIN - timedelta(seconds=1), **act)

    edition.refresh_from_db()
    assert {name: getattr(edition, name) for name in schedule.MOVABLE} == before
    assert journalled() == ["edition.moved", "move.undone"]
    assert published() == EVERYONE_CHANGED * 2


def test_a_milestone_goes_back_to_its_time(edition, eve):
    act: dict[str, Any] = {"edition": edition, "by": eve, "at": NOON}
    lunch = Milestone.objects.create(edition=edition, kind="meal", label="Pizza", at=NOON)
    schedule.save_milestone(
        milestone=lunch, kind="other", label="Soupe", milestone_at=DEADLINE, **act
    )

    schedule.undo(entry_pk=last_act(), **act)

    lunch.refresh_from_db()
    assert (lunch.kind, lunch.label, lunch.at) == ("meal", "Pizza", NOON)


def test_a_milestone_that_was_deleted_comes_back(edition, eve):
    lunch = Milestone.objects.create(edition=edition, kind="meal", label="Pizza", at=NOON)
    schedule.delete_milestone(milestone=lunch, by=eve, at=NOON)

    schedule.undo(edition=edition, entry_pk=last_act(), by=eve, at=NOON)

    back = Milestone.objects.get()
    assert (back.kind, back.label, back.at) == ("meal", "Pizza", NOON)
    assert journalled() == ["milestone.deleted", "move.undone"]
    assert published() == EVERYONE_CHANGED * 2


@pytest.mark.parametrize("why", ["late", "changed", "milestone", "undone", "published", "other"])
def test_undo_is_refused_later_or_after_another_change(why, edition, eve):
    act: dict[str, Any] = {"edition": edition, "by": eve}
    schedule.move(instants=LATER, at=NOON, **act)
    entry, at = last_act(), NOON + timedelta(seconds=5)
    if why == "late":
        at = NOON + rules.UNDO_WITHIN
    elif why == "changed":
        schedule.move(instants={"grace_seconds": 5}, at=at, **act)
    elif why == "milestone":
        new: dict[str, Any] = {"kind": "meal", "label": "Soupe", "milestone_at": NOON}
        schedule.save_milestone(at=at, **new, **act)
    elif why == "undone":
        schedule.undo(entry_pk=entry, at=at, **act)
    elif why == "published":
        Edition.objects.update(results_published_at=NOON)
    else:
        act["edition"] = editions.clone(
            source=edition, slug="next", name="N", starts_at=DEADLINE, by=eve, at=NOON
        )

    with pytest.raises(Refused):
        schedule.undo(entry_pk=entry, at=at, **act)

    edition.refresh_from_db()
    assert edition.deadline_at == (DEADLINE if why == "undone" else LATER["deadline_at"])


def test_moving_nothing_publishes_nothing(edition, eve):
    schedule.move(edition=edition, instants={"deadline_at": DEADLINE}, by=eve, at=NOON)

    assert published() == []
    assert journalled() == []


def test_other_fields_cannot_be_moved(edition, eve):
    with pytest.raises(ValueError, match="is_current"):
        schedule.move(edition=edition, instants={"is_current": False}, by=eve, at=NOON)


def test_changes_of_another_edition_are_not_published(edition, root):
    instants = rules.usual_instants(NOON.date(), PARIS, at=NOON)
    draft = editions.create(by=root, at=NOON, slug="next", name="Next", **instants)

    schedule.move(edition=draft, instants={"grace_seconds": 5}, by=root, at=NOON)
    announcements.announce(
        edition=draft, audience="everyone", audience_label="x", body="x", by=root, at=NOON
    )
    department = departments.save(edition=draft, code="X", name="x", by=root, at=NOON)
    briefs.write(department=department, title="x", body="x", published_at=NOON, by=root, at=NOON)

    assert published() == []
