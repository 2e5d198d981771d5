from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.received_files import received_file
from hackathon.day.questions.models import CannedAnswer
from hackathon.day.stage.models import Projector
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.editions import rules
from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Brief, Edition, Milestone
from hackathon.event.editions.services import briefs, editions
from hackathon.event.editions.signals import edition_cloned
from judging.models import Criterion, Juror
from submissions.models import Deliverable
from teams.models import Duty, Room
from tests.conftest import NOON
from tests.editions.conftest import published

PARIS = ZoneInfo("Europe/Paris")
TEXT = "Lisez le sujet de l’an dernier."  # not one of those that each edition begins with


@pytest.fixture
def march(edition, infocom, info, brief) -> Edition:
    wall = {
        "registration_opens_at": datetime(2020, 3, 1, 9, tzinfo=PARIS),
        "registration_closes_at": datetime(2020, 3, 11, 20, tzinfo=PARIS),
        "starts_at": datetime(2020, 3, 12, 8, 30, tzinfo=PARIS),
        "deadline_at": datetime(2020, 3, 12, 23, tzinfo=PARIS),
        "judging_opens_at": datetime(2020, 3, 13, 8, tzinfo=PARIS),
    }
    for name, instant in wall.items():
        setattr(edition, name, instant)
    edition.save()
    Milestone.objects.create(
        edition=edition, kind="meal", label="Pizzas", at=datetime(2020, 3, 12, 19, tzinfo=PARIS)
    )
    return edition


def test_a_clone_keeps_local_hours_across_daylight_saving(march, eve):
    launch = datetime(2020, 4, 9, 8, 30, tzinfo=PARIS)

    clone = editions.clone(
        source=march, slug="april", name="April", starts_at=launch, by=eve, at=NOON
    )

    clone.refresh_from_db()
    walls = [getattr(clone, name).astimezone(PARIS) for name in rules.INSTANTS]
    assert [f"{wall:%d/%m %H:%M}" for wall in walls] == [
        "29/03 09:00",
        "08/04 20:00",
        "09/04 08:30",
        "09/04 23:00",
        "10/04 08:00",
    ]
    assert clone.deadline_at == datetime(2020, 4, 9, 21, tzinfo=UTC)
    assert march.deadline_at == datetime(2020, 3, 12, 22, tzinfo=UTC)
    assert clone.milestones.get().at == datetime(2020, 4, 9, 17, tzinfo=UTC)


def test_a_clone_copies_what_is_the_same_each_year(march, eve):
    march.grace_seconds = 30
    march.deliberated_at = march.results_published_at = NOON
    march.save()

    clone = editions.clone(
        source=march, slug="next", name="Next", starts_at=march.starts_at, by=eve, at=NOON
    )

    clone.refresh_from_db()
    assert (clone.school, clone.grace_seconds, clone.client) == (march.school, 30, "")
    assert [d.code for d in clone.departments.all()] == ["INFOCOM", "INFO"]
    assert list(clone.organizers.all()) == [eve]
    assert not clone.is_current
    assert clone.deliberated_at is None
    assert clone.results_published_at is None
    assert not Brief.objects.filter(department__edition=clone).exists()
    assert published() == []


def test_a_clone_takes_only_what_is_wanted(march, eve):
    def cloned(slug: str, *parts: ClonedPart) -> Edition:
        return editions.clone(
            source=march,
            slug=slug,
            name=slug,
            starts_at=march.starts_at + timedelta(days=7),
            parts=parts,
            by=eve,
            at=NOON,
        )

    nothing = cloned("nothing")
    some = cloned("some", ClonedPart.DEPARTMENTS, ClonedPart.BRIEFS, ClonedPart.CLIENT)

    assert (nothing.departments.count(), nothing.milestones.count(), nothing.client) == (0, 0, "")
    assert list(nothing.organizers.all()) == list(some.organizers.all()) == [eve]
    assert some.client == march.client
    brief = Brief.objects.get(department__edition=some)
    original = Brief.objects.get(department__edition=march)
    assert (brief.title, brief.body) == (original.title, original.body)
    assert brief.published_at == original.published_at + timedelta(days=7)


def test_a_cloned_brief_has_files_of_its_own(march, brief, eve):
    original = briefs.attach(brief=brief, file=received_file(b"abc", "a.txt"), by=eve, at=NOON)
    clone = editions.clone(
        source=march,
        slug="next",
        name="Next",
        starts_at=march.starts_at,
        parts=list(ClonedPart),
        by=eve,
        at=NOON,
    )

    copy = Brief.objects.get(department__edition=clone).attachments.get()
    assert (copy.filename, copy.sha256, copy.size) == ("a.txt", original.sha256, 3)
    assert copy.file.name != original.file.name
    with copy.file.open("rb") as file:
        assert file.read() == b"abc"


def parts_of(edition: Edition, eve: User) -> dict[ClonedPart, list[Any]]:
    """What the edition has of each part, without what differs in a clone."""
    here = {"department__edition": edition}
    return {
        ClonedPart.DEPARTMENTS: list(edition.departments.values_list("code", "name", "position")),
        ClonedPart.DELIVERABLES: list(
            Deliverable.objects.filter(**here).values_list(
                "department__code", "name", "kind", "formats", "max_bytes", "position", "required"
            )
        ),
        ClonedPart.CRITERIA: list(
            Criterion.objects.filter(**here).values_list(
                "department__code", "name", "weight", "scale", "position"
            )
        ),
        ClonedPart.BRIEFS: list(Brief.objects.filter(**here).values_list("title", "body")),
        ClonedPart.JURORS: list(
            Juror.objects.filter(**here)
            .order_by("user")
            .values_list("department__code", "user__email", "kind", "is_president")
        ),
        ClonedPart.MILESTONES: list(edition.milestones.values_list("kind", "label")),
        ClonedPart.TEXTS: list(edition.canned_answers.filter(text=TEXT).values_list("text")),
        ClonedPart.ROOMS: list(edition.rooms.values_list("name", "floor", "places")),
        ClonedPart.ORGANIZERS: [
            *edition.organizers.exclude(pk=eve.pk),
            *edition.duties.values_list("user", "kind", "department__code"),
        ],
        ClonedPart.CLIENT: [edition.client] if edition.client else [],
        ClonedPart.PROJECTORS: list(edition.projectors.values_list("name", "room")),
    }


@pytest.mark.usefixtures("dossier", "site_link", "criteria", "dan", "diane", "max")
def test_each_part_is_cloned_whole_and_alone(march, eve, gil):
    march.organizers.add(gil)
    for kind, department in (("technical", None), ("teacher", march.departments.first())):
        Duty.objects.create(edition=march, user=gil, kind=kind, department=department)
    CannedAnswer.objects.create(edition=march, text=TEXT)
    Room.objects.create(edition=march, name="B12", floor=1, places=30, position=0)
    projectors.save(edition=march, name="Amphi Est", room="Amphi 1", by=eve, at=NOON)
    source = parts_of(march, eve)
    assert all(source.values())
    assert source.keys() == set(ClonedPart)

    for part in ClonedPart:
        wanted = {ClonedPart.DEPARTMENTS, part}
        clone = editions.clone(
            source=march,
            slug=part.value,
            name=part.value,
            starts_at=march.starts_at,
            parts=wanted,
            by=eve,
            at=NOON,
        )

        found = parts_of(clone, eve)
        assert found == {p: source[p] if p in wanted else [] for p in ClonedPart}

    assert set(
        Juror.objects.filter(department__edition__slug="jurors").values_list("seated_at")
    ) == {(NOON,)}


def test_cloned_projectors_have_new_addresses(march, eve):
    old = projectors.save(edition=march, name="Amphi Est", room="Amphi 1", by=eve, at=NOON)
    Projector.objects.update(ready_at=NOON, reported_at=NOON)

    clone = editions.clone(
        source=march, slug="next", name="Next", starts_at=march.starts_at, by=eve, at=NOON
    )

    new = clone.projectors.get()
    assert (new.name, new.room, new.ready_at, new.reported_at) == (
        "Amphi Est",
        "Amphi 1",
        None,
        None,
    )
    assert not {new.key, new.ready_key} & {old.key, old.ready_key}


def test_a_clone_has_no_odd_clock_time(march, eve):
    march.registration_opens_at = datetime(2020, 2, 24, 23, 17, 42, tzinfo=PARIS)
    march.save()

    clone = editions.clone(
        source=march,
        slug="next",
        name="Next",
        starts_at=march.starts_at + timedelta(days=1),
        by=eve,
        at=NOON,
    )

    assert clone.registration_opens_at == datetime(2020, 2, 25, 8, tzinfo=PARIS)


def test_a_clone_sends_its_signal(march, infocom, eve):
    received: list[dict[str, Any]] = []

    def listen(sender: Any, **signal: Any) -> None:
        received.append(signal)

    edition_cloned.connect(listen)
    try:
        clone = editions.clone(
            source=march, slug="next", name="Next", starts_at=march.starts_at, by=eve, at=NOON
        )
    finally:
        edition_cloned.disconnect(listen)

    (signal,) = received
    assert (signal["source"], signal["clone"]) == (march, clone)
    assert signal["department_map"][infocom.pk].code == "INFOCOM"
    assert signal["department_map"][infocom.pk].edition == clone
