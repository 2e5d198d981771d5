from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import F

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions import rules
from hackathon.event.editions.models import Edition, Milestone
from hackathon.event.editions.services import briefs, editions, schedule
from hackathon.event.setup.services import installation
from hackathon.run.privacy.services import erasure
from tests.concurrency.test_questions import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_editions_shown_at_once_replace_each_other_one_after_the_other(edition, eve):
    before = NOON - timedelta(days=5)
    others = [
        editions.clone(
            source=edition, slug=slug, name=slug, starts_at=edition.starts_at, by=eve, at=before
        )
        for slug in ("b", "c", "d")
    ]

    def show(other: Edition) -> str:
        editions.show(edition=other, by=eve, at=before)
        return "shown"

    assert at_once(show, others) == ["shown"] * 3
    entries = JournalEntry.objects.filter(act="edition.shown").order_by("pk")
    replaced = [entry.detail["replaced"] for entry in entries]
    shown = Edition.objects.get(is_current=True)
    # Each was shown once, and each but the last was replaced once.
    assert replaced[0] == edition.slug
    assert {*replaced[1:], shown.slug} == {"b", "c", "d"}


def test_a_code_sets_up_one_site_however_many_use_it_at_once(db):
    code = installation.make_code(at=NOON)
    assert code
    day = NOON.date() + timedelta(days=30)

    def install(number: int) -> str:
        edition: dict[str, Any] = {"slug": f"e{number}", "name": "E"}
        edition |= rules.usual_instants(day, ZoneInfo("Europe/Paris"), at=NOON)
        person = {"email": f"p{number}@example.org", "person": "P", "password": "x" * 12}
        installation.install(code=code, at=NOON, **person, **edition)
        return "made"

    outcomes = at_once(install, range(4))

    assert outcomes.count("made") == 1
    assert set(outcomes) <= {"made", "installed", "code_wrong"}
    assert User.objects.count() == Edition.objects.count() == 1
    with pytest.raises(Refused):
        installation.install(code=code, email="x@x.org", person="X", password="x" * 12, at=NOON)


def test_of_two_organizers_who_delete_their_accounts_at_once_one_stays(edition, eve, gil, root):
    edition.organizers.add(gil)
    other_root = User.objects.create_superuser("root2@example.org")

    def go(user: User) -> str:
        erasure.erase_own(user, at=NOON)
        return "gone"

    assert at_once(go, [eve, gil]) == ["gone", "sole_organizer"]
    assert at_once(go, [root, other_root]) == ["gone", "sole_administrator"]
    assert edition.organizers.filter(is_active=True).count() == 1


def test_of_three_who_replace_the_same_brief_at_once_two_are_refused(infocom, eve):
    given = {"department": infocom, "published_at": NOON, "by": eve, "at": NOON}
    briefs.write(title="GRAAL", body="avant", **given)
    seen = {"title": "GRAAL", "body": "avant", "published_at": NOON}

    def replace(body: str) -> str:
        briefs.write(title="GRAAL", body=body, seen=seen, **given)
        return "written"

    assert sorted(at_once(replace, ("a", "b", "c"))) == ["changed_meanwhile"] * 2 + ["written"]


@pytest.mark.postgres
def test_without_the_lock_a_day_moves_twice_as_far(edition, eve):
    before, to = _tomorrow(edition), NOON + timedelta(days=2)
    both_have_read = Barrier(2, timeout=PATIENCE)

    def move_without_lock(_number: int) -> str:
        with transaction.atomic():
            found = Edition.objects.get(pk=edition.pk)
            delay = to - found.starts_at
            both_have_read.wait()
            Edition.objects.filter(pk=edition.pk).update(
                starts_at=to,
                deadline_at=F("deadline_at") + delay,
                judging_opens_at=F("judging_opens_at") + delay,
            )
            Milestone.objects.update(at=F("at") + delay)
        return "moved"

    assert at_once(move_without_lock, range(2)) == ["moved"] * 2
    assert Milestone.objects.get().at == before + timedelta(days=2)


def test_of_two_organizers_who_move_the_same_day_at_once_one_does(edition, eve):
    before, to = _tomorrow(edition), NOON + timedelta(days=2)

    def move(_number: int) -> str:
        schedule.move_day(edition=edition, to=to, by=eve, at=NOON)
        return "moved"

    assert at_once(move, range(2)) == ["moved", "same_launch"]
    assert Milestone.objects.get().at == before + timedelta(days=1)
    assert JournalEntry.objects.filter(act="day.moved").count() == 1


def _tomorrow(edition: Edition) -> datetime:
    """Returns the instant of its one milestone."""
    starts_at = NOON + timedelta(days=1)
    hours = {"starts_at": 0, "deadline_at": 8, "judging_opens_at": 9}
    instants = {name: starts_at + timedelta(hours=n) for name, n in hours.items()}
    Edition.objects.filter(pk=edition.pk).update(**instants)
    return edition.milestones.create(kind="meal", label="Pizzas", at=starts_at).at
