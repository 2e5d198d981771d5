from datetime import timedelta

import pytest

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.tables import Row
from hackathon.base.core.typography import NO_BREAK
from hackathon.event.editions.models import Milestone
from hackathon.event.editions.program import instants_of
from hackathon.event.editions.services import editions
from hackathon.extras.running_order import rules, selectors, services
from hackathon.extras.running_order.errors import StepRefusal
from hackathon.extras.running_order.models import Step
from hackathon.run.privacy.services.erasure import erase_own
from tests.conftest import DEADLINE, NOON

pytestmark = pytest.mark.django_db


def acts() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))


def row(pk: int | None, **values: object) -> Row:
    return Row(None, pk, values or None, frozenset(values))  # type: ignore[arg-type]


def test_rows_are_added_changed_and_removed(edition, eve, step):
    kept, gone = step("Repas", 60, who="Gil"), step("Café", 10)
    new = {"at": NOON, "title": "Ouvrir", "who": "", "place": "Hall"}
    rows = [row(kept.pk, title="Dîner"), row(gone.pk), row(None, **new)]

    services.save_rows(edition, rows, by=eve, at=NOON)

    lines = [(one.title, one.who, one.place) for one in Step.objects.all()]
    assert lines == [("Ouvrir", "", "Hall"), ("Dîner", "Gil", "")]
    assert acts() == ["step.saved", "step.deleted", "step.saved"]
    message = LiveMessage.objects.get()
    assert (message.type, message.data) == ("step.changed", {})
    assert set(message.audience_names) == {"organizers", "desk", "round"}


def test_the_usual_order_follows_the_instants_once(edition, eve):
    Milestone.objects.create(
        edition=edition, kind="meal", label="Pizzas", at=NOON + timedelta(hours=7)
    )

    services.propose(edition, by=eve, at=NOON)
    with pytest.raises(Refused) as error:
        services.propose(edition, by=eve, at=NOON)

    assert error.value.refusal.code == StepRefusal.NOT_EMPTY
    instants = {one.title.replace(NO_BREAK, " "): one.at for one in Step.objects.all()}
    assert instants["Recevoir les repas"] == NOON + timedelta(hours=6, minutes=45)
    assert instants["Heure limite : laisser finir les envois commencés"] == DEADLINE
    assert acts() == ["steps.proposed"]


def test_the_first_tick_counts_and_is_taken_back(edition, eve, helper, step):
    one = step("Repas", 0)

    services.tick(step=one, done=True, by=helper, at=NOON)
    services.tick(step=one, done=True, by=eve, at=NOON)

    one.refresh_from_db()
    assert (one.done_by, one.done_at) == (helper, NOON)
    services.tick(step=one, done=False, by=eve, at=NOON)
    one.refresh_from_db()
    assert (one.done_by, one.done_at) == (None, None)
    assert acts() == ["step.done", "step.undone"]


def test_a_step_is_late_after_five_minutes(edition, step):
    one = step("Repas", 0)
    step("Fini", -60, who="")
    services.tick(
        step=Step.objects.get(title="Fini"), done=True, by=edition.organizers.get(), at=NOON
    )
    at = NOON + rules.LATE_AFTER

    assert selectors.late_steps(edition, at=at - timedelta(seconds=1)) == []
    assert selectors.late_steps(edition, at=at) == [one]


def test_what_is_not_done_moves_with_the_whole_day(edition, eve, step):
    one, done = step("Repas", 60), step("Ouvrir", 30)
    services.tick(step=done, done=True, by=eve, at=NOON)

    moved = {instant.row for instant in instants_of(edition) if isinstance(instant.row, Step)}

    assert moved == {one}
    edition.extras = []
    edition.save()
    assert not [instant for instant in instants_of(edition) if isinstance(instant.row, Step)]


def test_a_copy_has_the_steps_at_the_hours_of_its_day_and_none_is_done(edition, eve, step):
    services.tick(step=step("Repas", 60, who="Gil"), done=True, by=eve, at=NOON)
    starts_at = edition.starts_at + timedelta(days=364)
    new = {"name": "CCD 2021", "slug": "ccd-2021", "starts_at": starts_at, "by": eve, "at": NOON}

    clone = editions.clone(source=edition, parts=["running_order"], **new)

    copied = clone.steps.get()
    assert (copied.title, copied.who, copied.done_by) == ("Repas", "Gil", None)
    assert copied.at == NOON + timedelta(days=364, minutes=60)


def test_with_the_account_the_tick_stays(edition, helper, step):
    one = step("Repas", 0)
    services.tick(step=one, done=True, by=helper, at=NOON)

    erase_own(helper, at=NOON)

    one.refresh_from_db()
    assert one.done_by is not None
    assert "Hal" not in one.done_by.display_name
