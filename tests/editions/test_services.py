from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from hackathon.base.core.errors import NotFound
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.received_files import received_file
from hackathon.event.editions import rules, selectors
from hackathon.event.editions.enums import EditionState, Phase
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.services import briefs, departments, editions, schedule
from tests.conftest import DEADLINE, NOON
from tests.editions.conftest import journalled, published
from tests.refusals import refuses

PARIS = ZoneInfo("Europe/Paris")
EVERYONE_CHANGED = [("everyone", "edition.changed")]


def test_a_new_edition_is_a_hidden_draft(root):
    day = NOON.date()

    edition = editions.create(
        by=root,
        at=NOON,
        slug="first",
        name="First",
        milestones=rules.usual_moments(day, PARIS),
        **rules.usual_instants(day, PARIS, at=NOON),
    )

    edition.refresh_from_db()
    assert (edition.state, edition.is_current) == (EditionState.DRAFT, False)
    assert Edition.objects.current() is None
    assert list(edition.organizers.all()) == [root]
    assert edition.milestones.count() == 7
    assert edition.deadline_at == DEADLINE
    assert published() == []
    assert journalled() == ["edition.created"]


def test_registration_of_a_draft_is_closed_whatever_the_clock(root):
    instants = rules.usual_instants(NOON.date() + timedelta(days=30), PARIS, at=NOON)
    draft = editions.create(by=root, at=NOON, slug="x", name="X", **instants)
    inside = draft.registration_opens_at + timedelta(days=1)

    assert not rules.registration_is_open(draft, at=inside)
    assert rules.phase(draft, at=inside) == rules.phase(draft, at=DEADLINE) == Phase.DRAFT
    editions.show(edition=draft, by=root, at=NOON)
    draft.refresh_from_db()
    assert rules.registration_is_open(draft, at=inside)


@pytest.mark.database
def test_the_database_refuses_to_show_a_draft(edition):
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(state=EditionState.DRAFT)


def test_a_second_edition_is_not_shown(edition, eve):
    instants = rules.usual_instants(NOON.date(), PARIS, at=NOON)

    second = editions.create(by=eve, at=NOON, slug="second", name="Second", **instants)

    assert not second.is_current
    assert published() == []


@pytest.mark.database
def test_showing_an_edition_hides_the_other(edition, eve):
    other = editions.clone(
        source=edition, slug="o", name="O", starts_at=edition.starts_at, by=eve, at=NOON
    )

    editions.show(edition=other, by=eve, at=NOON, typed=edition.name)

    assert Edition.objects.current() == other
    assert LiveMessage.objects.get().data["slug"] == "o"


def test_an_organizer_of_another_edition_does_not_hide_the_shown_one(edition, eve, gil):
    past = editions.clone(
        source=edition, slug="o", name="O", starts_at=edition.starts_at, by=eve, at=NOON
    )
    past.organizers.set([gil])
    Edition.objects.filter(pk=edition.pk).update(results_published_at=NOON)

    with refuses(EditionRefusal.NOT_ORGANIZER_OF_SHOWN):
        editions.show(edition=past, by=gil, at=NOON, typed=edition.name)

    assert Edition.objects.current() == edition
    assert not JournalEntry.objects.filter(act="edition.shown").exists()


def test_a_superuser_may_hide_any_edition(edition, eve, root):
    other = editions.clone(
        source=edition, slug="o", name="O", starts_at=edition.starts_at, by=eve, at=NOON
    )

    editions.show(edition=other, by=root, at=NOON, typed=edition.name)

    assert Edition.objects.current() == other


@pytest.mark.parametrize("typed", ["", "Crazy Charly", "o"])
@pytest.mark.parametrize("after", [timedelta(0), timedelta(hours=10), timedelta(hours=11)])
def test_an_edition_that_runs_is_hidden_only_by_its_name(edition, eve, typed, after):
    other = editions.clone(
        source=edition, slug="o", name="O", starts_at=edition.starts_at, by=eve, at=NOON
    )

    with refuses(EditionRefusal.SHOWN_IS_RUNNING) as refused:
        editions.show(edition=other, by=eve, at=NOON + after, typed=typed)
    editions.show(edition=other, by=eve, at=NOON + after, typed=f" {edition.name.upper()} ")

    assert edition.name in refused.value.refusal.message
    assert Edition.objects.current() == other


@pytest.mark.parametrize("at", [NOON - timedelta(days=5), NOON + timedelta(days=5)])
def test_an_edition_before_its_day_or_after_its_results_is_hidden_without_its_name(
    edition, eve, at
):
    Edition.objects.filter(pk=edition.pk).update(results_published_at=NOON + timedelta(days=1))
    other = editions.clone(
        source=edition, slug="o", name="O", starts_at=edition.starts_at, by=eve, at=NOON
    )

    editions.show(edition=other, by=eve, at=at)

    assert Edition.objects.current() == other


def test_hiding_an_edition_shows_none(edition, eve):
    with refuses(EditionRefusal.SHOWN_IS_RUNNING):
        editions.hide(edition=edition, by=eve, at=NOON)
    editions.hide(edition=edition, by=eve, at=NOON, typed=edition.name)

    edition.refresh_from_db()
    assert (edition.state, edition.is_current) == (EditionState.DRAFT, False)
    message = LiveMessage.objects.get()
    assert message.data["changed"] == ["is_current"]
    assert message.data["phase"] == "draft"
    assert journalled() == ["edition.hidden"]


def test_an_archived_edition_is_shown_again(edition, eve):
    editions.hide(edition=edition, archived=True, by=eve, at=NOON, typed=edition.name)
    edition.refresh_from_db()
    assert edition.state == EditionState.ARCHIVED

    editions.show(edition=edition, by=eve, at=NOON)

    edition.refresh_from_db()
    assert (edition.state, edition.is_current) == (EditionState.OPEN, True)
    assert journalled() == ["edition.archived", "edition.shown"]


def test_the_attachment_of_a_draft_is_for_organizers(edition, brief, eve, ada):
    attachment = briefs.attach(brief=brief, file=received_file(b"x", "a.txt"), by=eve, at=NOON)
    Brief.objects.update(published_at=NOON)
    assert selectors.get_attachment_for(ada, attachment.pk, NOON) == attachment

    editions.hide(edition=edition, by=eve, at=NOON, typed=edition.name)

    assert selectors.get_attachment_for(eve, attachment.pk, NOON) == attachment
    with pytest.raises(NotFound):
        selectors.get_attachment_for(ada, attachment.pk, NOON)


def test_an_update_journals_the_changed_fields(edition, eve):
    editions.update(edition=edition, name="CCD", school=edition.school, by=eve, at=NOON)

    edition.refresh_from_db()
    assert edition.name == "CCD"
    assert published() == EVERYONE_CHANGED


def test_the_end_states_are_idempotent(edition, eve):
    later = NOON + timedelta(hours=1)

    editions.mark_deliberated(edition=edition, at=NOON)
    editions.mark_deliberated(edition=edition, at=later)
    editions.publish_results(edition=edition, by=eve, at=NOON)
    editions.publish_results(edition=edition, by=eve, at=later)

    edition.refresh_from_db()
    assert edition.deliberated_at == edition.results_published_at == NOON
    assert published() == EVERYONE_CHANGED * 2
    assert journalled() == ["edition.deliberated", "results.published"]


def test_milestones_are_added_changed_and_deleted(edition, eve):
    act: dict[str, Any] = {"by": eve, "at": NOON}
    lunch = schedule.save_milestone(
        edition=edition, kind="meal", label="Midi", milestone_at=NOON, **act
    )
    schedule.save_milestone(
        edition=edition, milestone=lunch, kind="meal", label="Repas", milestone_at=NOON, **act
    )
    assert edition.milestones.get().label == "Repas"

    schedule.delete_milestone(milestone=lunch, **act)

    assert not edition.milestones.exists()
    assert published() == EVERYONE_CHANGED * 3
    assert journalled() == ["milestone.added", "milestone.changed", "milestone.deleted"]


def test_a_new_department_comes_last(edition, info, eve):
    department = departments.save(edition=edition, code="GEA", name="Gestion", by=eve, at=NOON)

    assert department.position == info.position + 1
    assert published() == EVERYONE_CHANGED


@pytest.mark.database
def test_deleting_a_department_takes_its_brief_and_files(
    brief, eve, django_capture_on_commit_callbacks
):
    attachment = briefs.attach(brief=brief, file=received_file(b"x", "a.txt"), by=eve, at=NOON)
    storage, key = attachment.file.storage, attachment.file.name
    assert storage.exists(key)

    with django_capture_on_commit_callbacks(execute=True):
        departments.delete(department=brief.department, by=eve, at=NOON)

    assert not Brief.objects.exists()
    assert not storage.exists(key)


@pytest.mark.database
def test_a_rollback_publishes_nothing(edition, eve):
    def move_then_fail() -> None:
        with transaction.atomic():
            schedule.move(edition=edition, instants={"grace_seconds": 5}, by=eve, at=NOON)
            Edition.objects.filter(pk=edition.pk).update(deadline_at=edition.starts_at)

    with pytest.raises(IntegrityError):
        move_then_fail()

    assert published() == []
