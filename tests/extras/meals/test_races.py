# The first test shows the race without the lock, on PostgreSQL.

from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.tables import Row
from hackathon.event.editions.models import Milestone
from hackathon.event.editions.services import schedule
from hackathon.extras.meals import services
from hackathon.extras.meals.errors import MealRefusal
from hackathon.extras.meals.models import Dish, Meal, MealPlan
from hackathon.extras.meals.services import Tick
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON
from tests.waiting import PATIENCE, another_waits, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture(autouse=True)
def _plan(edition) -> None:
    MealPlan.objects.create(edition=edition, closes_at=NOON)


@pytest.mark.postgres
def test_without_the_lock_two_phones_both_serve_one_person(edition, comunik, ada):
    Meal.objects.create(edition=edition, user=ada)
    both_have_looked = Barrier(2, timeout=PATIENCE)
    seen = []

    def tick_without_lock() -> None:
        with transaction.atomic():
            seen.append(Meal.objects.get().served_at)
            both_have_looked.wait()

    at_once(tick_without_lock, tick_without_lock)

    assert seen == [None, None]  # each would write its own name


def test_of_two_phones_at_once_one_serves_and_the_other_learns_it(
    edition, comunik, ada, ben, eve, gil
):
    edition.organizers.add(gil)

    def send(by: User, people: list[User]) -> None:
        ticks = [Tick(one.pk, True, NOON + timedelta(seconds=by.pk)) for one in people]
        services.tick(edition, ticks, by=by, at=NOON + timedelta(hours=1))

    at_once(lambda: send(eve, [ada, ben]), lambda: send(gil, [ben, ada]))

    assert Meal.objects.count() == 2
    assert JournalEntry.objects.filter(act="meal.served").count() == 2
    for meal in Meal.objects.all():
        assert meal.served_by in (eve, gil)


@pytest.mark.postgres
def test_a_dish_is_not_deleted_while_it_is_chosen(edition, comunik, ada, eve):
    dish = Dish.objects.create(edition=edition, name="Reine")
    chosen = Event()
    refusals = []

    def choose() -> None:
        with transaction.atomic():
            services.choose(edition, ada, dish, by=ada, at=NOON)
            chosen.set()
            wait_until(another_waits)

    def delete() -> None:
        chosen.wait(PATIENCE)
        row = Row(None, dish.pk, None)
        refusals.append(services.save_dishes(edition, [row], by=eve, at=NOON))

    at_once(choose, delete)

    assert [refusal.code for refusal in refusals[0].values()] == [MealRefusal.DISH_CHOSEN]
    assert Meal.objects.get().dish == dish


def test_a_plan_does_not_take_a_dish_or_a_milestone_that_was_deleted_meanwhile(edition, eve):
    dish = Dish.objects.create(edition=edition, name="Reine")
    milestone = edition.milestones.create(label="Pizzas", at=NOON)
    chosen = {"milestone": milestone, "default_dish": dish}
    kept = {**chosen, "edition": edition, "closes_at": NOON, "by": eve, "at": NOON}
    services.save_plan(**kept)
    services.save_dishes(edition, [Row(None, dish.pk, None)], by=eve, at=NOON)
    with pytest.raises(NotFound):
        services.save_plan(**{**kept, "milestone": None})
    schedule.delete_milestone(milestone=Milestone.objects.get(pk=milestone.pk), by=eve, at=NOON)
    with pytest.raises(NotFound):
        services.save_plan(**{**kept, "default_dish": None})

    plan = MealPlan.objects.get()
    assert (plan.default_dish, plan.milestone) == (None, None)
