# Two acts of a jury against marks and against each other. `test_marks` shows the race without the
# lock.

from decimal import Decimal
from typing import Any

import pytest

from hackathon.event.editions.models import Department, Edition
from judging.ceremony.services import publication
from judging.ceremony.services import screens as ceremony
from judging.deliberation.services import decision, hearings
from judging.enums import HEARING
from judging.errors import JudgingRefusal
from judging.models import (
    NominationSeal,
    PassageCriterion,
    PassageMark,
    Score,
    Signature,
)
from judging.scoring.services import sheets
from judging.setup.services import method
from teams.models import Team
from tests.concurrency.test_marks import ROUNDS, at_once, marks
from tests.conftest import make_team
from tests.judging.conftest import NIGHT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def act(infocom, dan, diane, comunik, criteria) -> dict[str, Any]:
    # Com’unik and Les Five are nominated by a jury that hears them first.
    act = {"department": infocom, "by": diane.user, "at": NIGHT}
    five = make_team(infocom, "Les Five")
    for criterion in criteria:
        marks(dan, comunik, criterion, 10)()
    sheets.save(juror=dan, team=comunik, marks={}, finish=True, by=dan.user, at=NIGHT)
    method.hear_nominees(hears=True, **act)
    decision.decide(nominees=[comunik.pk, five.pk], places={}, **act)
    return act


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_mark_during_the_lock_of_nominations_is_before_it_or_refused(act, dan, criteria, round_):
    five = Team.objects.get(name="Les Five")

    locked, marked = at_once(
        lambda: decision.lock(nominees=True, **act), marks(dan, five, criteria[0], 15)
    )

    assert locked == "done"
    kept = Score.objects.filter(sheet__team=five).count()
    assert (marked, kept) in {("done", 1), (JudgingRefusal.DELIBERATION_LOCKED.value, 0)}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_locks_of_nominations_one_is_refused(act, round_):
    done = at_once(*[lambda: decision.lock(nominees=True, **act)] * 2)

    assert sorted(done) == ["done", JudgingRefusal.NO_NOMINATIONS.value]
    assert NominationSeal.objects.count() == 1
    assert not Signature.objects.exists()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_mark_of_a_passage_is_in_the_record_or_refused(act, dan, comunik, round_):
    clear = PassageCriterion.objects.create(department=act["department"], name="Clarté")
    decision.lock(nominees=True, **act)
    pks = list(Team.objects.order_by("name").values_list("pk", flat=True))
    places = dict.fromkeys(pks, 1)
    decision.decide(nominees=pks, places=places, reason="Ensemble.", **act)
    values = {clear.pk: Decimal(12)}
    mark = {"juror": dan, "team": comunik, "marks": values, "by": dan.user, "at": NIGHT}

    locked, marked = at_once(lambda: decision.lock(**act), lambda: hearings.mark(**mark))

    assert locked == "done"
    recorded = decision.decision_of(act["department"]).deliberation
    assert recorded is not None
    assert len(recorded.record[HEARING]["marks"]) == PassageMark.objects.count()
    assert (marked == "done") == PassageMark.objects.exists()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_winners_reopen_or_the_ceremony_goes_on_behind_the_pause(act, eve, round_):
    edition = act["department"].edition
    edition.organizers.add(eve)
    decision.lock(nominees=True, **act)
    pks = list(Team.objects.values_list("pk", flat=True))
    decision.decide(nominees=pks, places=dict.fromkeys(pks, 1), reason="Ensemble.", **act)
    decision.lock(**act)
    remote: dict[str, Any] = {"edition": edition, "rehearsal": False, "by": eve, "at": NIGHT}
    ceremony.start(**remote)
    for step in range(3):  # to the pause
        ceremony.move(steps=1, seen=step, **remote)

    moved, reopened = at_once(
        lambda: ceremony.move(steps=1, seen=3, **remote),
        lambda: decision.reopen(reason="Un oubli", **act),
    )

    begun, waits = JudgingRefusal.CEREMONY_BEGUN.value, JudgingRefusal.JURIES_DELIBERATE.value
    assert (moved, reopened) in {("done", begun), (waits, "done")}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_winners_reopen_or_are_published_after_the_others(act, eve, round_):
    department = act["department"]
    decision.lock(nominees=True, **act)
    pks = list(Team.objects.values_list("pk", flat=True))
    decision.decide(nominees=pks, places=dict.fromkeys(pks, 1), reason="Ensemble.", **act)
    decision.lock(**act)
    Department.objects.update(held_back_at=NIGHT)
    Edition.objects.update(results_published_at=NIGHT)

    published, reopened = at_once(
        lambda: publication.publish_department(department=department, by=eve, at=NIGHT),
        lambda: decision.reopen(reason="Un oubli", **act),
    )

    out, waits = JudgingRefusal.RESULTS_OUT.value, JudgingRefusal.DELIBERATIONS_OPEN.value
    assert (published, reopened) in {("done", out), (waits, "done")}
