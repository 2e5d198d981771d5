from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.day.announcements.errors import AnnouncementRefusal
from hackathon.day.announcements.models import Announcement
from hackathon.day.announcements.services import announcements
from hackathon.day.stage import services as screens
from hackathon.day.stage.errors import StageRefusal
from hackathon.day.stage.projectors import services as projectors
from hackathon.day.stage.projectors.rules import PROJECTORS_MAX
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import briefs, departments, editions, organizers, schedule
from tests.conftest import NOON
from tests.database import empty_journal
from tests.refusals import refuses

pytestmark = pytest.mark.django_db

CODES = [*EditionRefusal, *AnnouncementRefusal, *StageRefusal]


@pytest.fixture
def cases(request) -> dict[RefusalCode, Callable[[], Any]]:
    edition, eve, gil = (request.getfixturevalue(n) for n in ("edition", "eve", "gil"))
    infocom, brief, film = (request.getfixturevalue(n) for n in ("infocom", "brief", "film"))
    request.getfixturevalue("comunik")
    act = {"by": eve, "at": NOON}

    def announce(audience: str, body: str) -> None:
        announcements.announce(
            edition=edition, audience=audience, audience_label="x", body=body, **act
        )

    def publish_results() -> None:
        editions.publish_results(edition=edition, **act)
        empty_journal()
        LiveMessage.objects.all().delete()

    def change_slug_after_results() -> None:
        publish_results()
        editions.update(edition=edition, slug="other", **act)

    def move_after_results() -> None:
        publish_results()
        schedule.move(edition=edition, instants={"deadline_at": NOON + timedelta(days=1)}, **act)

    def other_edition(organizer: Any) -> Edition:
        other = Edition.objects.get(pk=edition.pk)
        other.pk, other.slug, other.is_current = None, "ccd-2018", False
        other.save()
        other.organizers.add(organizer)
        return other

    def move_day(days: int, *, begins: int = 1) -> None:
        edition.starts_at = NOON + timedelta(days=begins)
        edition.deadline_at = edition.starts_at + timedelta(hours=8)
        edition.judging_opens_at = edition.deadline_at
        edition.save()
        to = edition.starts_at + timedelta(days=days)
        schedule.move_day(edition=edition, to=to, **act)

    return {
        EditionRefusal.DAY_HAS_BEGUN: lambda: move_day(1, begins=0),
        EditionRefusal.SAME_LAUNCH: lambda: move_day(0),
        EditionRefusal.WOULD_BE_PAST: lambda: move_day(-1),
        EditionRefusal.TOO_LATE_TO_UNDO: lambda: schedule.undo(edition=edition, entry_pk=1, **act),
        EditionRefusal.NOT_ORGANIZER_OF_SHOWN: lambda: editions.show(
            edition=other_edition(gil), by=gil, at=NOON
        ),
        EditionRefusal.SHOWN_IS_RUNNING: lambda: editions.show(edition=other_edition(eve), **act),
        EditionRefusal.NOT_ORGANIZER: lambda: schedule.move(
            edition=edition, instants={"deadline_at": NOON}, by=gil, at=NOON
        ),
        EditionRefusal.INSTANTS_OUT_OF_ORDER: lambda: schedule.move(
            edition=edition, instants={"deadline_at": edition.starts_at}, **act
        ),
        EditionRefusal.SIZES_OUT_OF_ORDER: lambda: editions.update(
            edition=edition, team_size_min=4, **act
        ),
        EditionRefusal.SIZE_BELOW_ONE: lambda: editions.update(
            edition=edition, winners_min=0, **act
        ),
        EditionRefusal.ZONE_UNKNOWN: lambda: editions.update(
            edition=edition, timezone="Europe/Pariss", **act
        ),
        EditionRefusal.RESULTS_PUBLISHED: move_after_results,
        EditionRefusal.DAY_IS_PAST: lambda: editions.clone(
            source=edition,
            slug="x",
            name="x",
            starts_at=edition.starts_at - timedelta(days=365),
            **act,
        ),
        EditionRefusal.SLUG_TAKEN: lambda: editions.clone(
            source=edition, slug=edition.slug, name="x", starts_at=edition.starts_at, **act
        ),
        EditionRefusal.SLUG_IS_PUBLIC: change_slug_after_results,
        EditionRefusal.CHANGED_MEANWHILE: lambda: briefs.write(
            department=infocom, title="x", body="x", published_at=NOON, seen={"title": "y"}, **act
        ),
        EditionRefusal.DEPARTMENT_CODE_TAKEN: lambda: departments.save(
            edition=edition, code="infocom", name="x", **act
        ),
        EditionRefusal.DEPARTMENT_IN_USE: lambda: departments.delete(department=infocom, **act),
        EditionRefusal.ATTACHMENT_TOO_LARGE: lambda: briefs.attach(brief=brief, file=film, **act),
        EditionRefusal.ACCOUNT_UNKNOWN: lambda: organizers.add(
            edition=edition, email="nobody@example.org", **act
        ),
        EditionRefusal.LAST_ORGANIZER: lambda: organizers.remove(edition=edition, user=eve, **act),
        AnnouncementRefusal.AUDIENCE_UNKNOWN: lambda: announce("department:999999", "Bonjour"),
        AnnouncementRefusal.NO_TEAM: lambda: announce("teams", "x"),
        AnnouncementRefusal.EMPTY: lambda: announce("everyone", " \n "),
        AnnouncementRefusal.TOO_LONG: lambda: announce("everyone", "x" * 4001),
        AnnouncementRefusal.PAST: lambda: announcements.announce(
            edition=edition,
            audience="everyone",
            audience_label="x",
            body="x",
            publish_at=NOON,
            **act,
        ),
        AnnouncementRefusal.OUT: lambda: announcements.change(
            announcement=_announcement(edition, eve),
            audience="everyone",
            audience_label="x",
            body="x",
            pinned=False,
            by_mail=False,
            publish_at=None,
            **act,
        ),
        AnnouncementRefusal.NOT_OUT: lambda: announcements.correct(
            announcement=_announcement(edition, eve, published_at=NOON + timedelta(hours=1)),
            body="x",
            pinned=False,
            **act,
        ),
        AnnouncementRefusal.WITHDRAWN: lambda: announcements.withdraw(
            announcement=_announcement(edition, eve, withdrawn_at=NOON), **act
        ),
        StageRefusal.SCENE_UNKNOWN: lambda: screens.choose(edition=edition, scene="disco", **act),
        StageRefusal.SCENE_TOO_EARLY: lambda: screens.choose(edition=edition, scene="seal", **act),
        StageRefusal.SCREEN_ELSEWHERE: lambda: screens.choose(
            edition=edition, scene="day", department=_elsewhere(edition), **act
        ),
        StageRefusal.PROJECTOR_NAME_TAKEN: lambda: projectors.save(
            edition=_with_projectors(edition, eve, 1), name="amphi 0", room="", **act
        ),
        StageRefusal.TOO_MANY_PROJECTORS: lambda: projectors.save(
            edition=_with_projectors(edition, eve, PROJECTORS_MAX), name="x", room="", **act
        ),
    }


def _with_projectors(edition: Edition, by: User, count: int) -> Edition:
    for number in range(count):
        edition.projectors.create(name=f"Amphi {number}", created_at=NOON, created_by=by)
    return edition


def _elsewhere(edition: Edition) -> Department:
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "ccd-2019", False
    other.save()
    return Department.objects.create(edition=other, code="INFOCOM", name="x")


def _announcement(edition: Any, by: Any, **fields: Any) -> Announcement:
    defaults = {"audience": "everyone", "audience_label": "x", "body": "x", "published_at": NOON}
    return Announcement.objects.create(edition=edition, published_by=by, **{**defaults, **fields})


@pytest.mark.parametrize("code", CODES)
def test_each_code(code, cases):
    with refuses(code) as refused:
        cases[code]()

    assert "{" not in refused.value.refusal.message
    assert not JournalEntry.objects.exists()
    assert not LiveMessage.objects.exists()


def test_the_slug_of_a_page_is_reserved(cases, edition, eve):
    with refuses(EditionRefusal.SLUG_TAKEN):
        editions.update(edition=edition, slug="nouvelle", by=eve, at=NOON)


@pytest.mark.parametrize("verb", ["create", "clone", "update", "show", "publish_results"])
def test_outsiders_change_no_edition(verb, edition, gil):
    arguments = {
        "create": {"slug": "x", "name": "x"},
        "clone": {"source": edition, "slug": "x", "name": "x", "starts_at": NOON},
    }.get(verb, {"edition": edition})

    with refuses(EditionRefusal.NOT_ORGANIZER):
        getattr(editions, verb)(by=gil, at=NOON, **arguments)


def test_outsiders_change_nothing_of_an_edition(edition, infocom, brief, gil, film):
    act = {"by": gil, "at": NOON}
    announcement = _announcement(edition, gil)
    tries: list[Callable[[], Any]] = [
        lambda: briefs.write(department=infocom, title="x", body="x", published_at=NOON, **act),
        lambda: briefs.attach(brief=brief, file=film, **act),
        lambda: departments.save(edition=edition, code="X", name="x", **act),
        lambda: departments.delete(department=infocom, **act),
        lambda: organizers.add(edition=edition, email=gil.email, **act),
        lambda: organizers.remove(edition=edition, user=gil, **act),
        lambda: schedule.save_milestone(
            edition=edition, kind="meal", label="x", milestone_at=NOON, **act
        ),
        lambda: announcements.announce(
            edition=edition, audience="everyone", audience_label="x", body="x", **act
        ),
        lambda: announcements.correct(announcement=announcement, body="y", pinned=True, **act),
        lambda: announcements.withdraw(announcement=announcement, **act),
    ]

    for attempt in tries:
        with refuses(EditionRefusal.NOT_ORGANIZER):
            attempt()

    assert not JournalEntry.objects.exists()
