import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.tables import Row
from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import editions, schedule
from hackathon.extras.meals import periodic, rules, selectors, services
from hackathon.extras.meals.errors import MealRefusal
from hackathon.extras.meals.models import DietaryNeeds, Dish, Meal, MealPlan
from hackathon.extras.meals.services import Tick
from hackathon.run.privacy.services.erasure import erase_own
from tests.conftest import NOON, make_team, make_user
from tests.extras.meals.conftest import AFTER, CLOSES
from tests.queries import queries_of
from tests.responses import MARKER

EVENING = NOON + timedelta(hours=8)


def types() -> list[str]:
    return list(LiveMessage.objects.order_by("pk").values_list("type", flat=True))


def dishes(edition: Edition) -> dict[str, str]:
    return {one.name: one.dish.name if one.dish else "" for one in selectors.eaters_of(edition)}


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        call()
    return error.value.refusal.code


def ticked(person: User, served: bool, minutes: int) -> Tick:
    return Tick(person.pk, served, EVENING + timedelta(minutes=minutes))


# ---------------------------------------------------------------- choices


def test_each_chooses_and_the_default_dish_is_for_the_others(
    edition, plan, verte, comunik, pixels, student, ada
):
    meal = services.choose(edition, ada, verte, by=ada, at=NOON)
    services.choose(edition, ada, verte, by=ada, at=NOON)

    assert (meal.dish, meal.chosen_by) == (verte, ada)
    assert dishes(edition) == {"Ada": "Verte", "Ben": "Reine", "Cleo": "Reine", "Sam": "Reine"}
    assert JournalEntry.objects.get().detail == {"team": comunik.pk}
    message = LiveMessage.objects.get()
    assert (message.type, message.data) == ("meal.chosen", {})
    assert set(message.audience_names) == {"organizers", f"team:{comunik.pk}"}
    (gino, stan) = selectors.orders_of(selectors.eaters_of(edition))
    assert (gino.pizzeria, gino.count) == ("Gino", 1)
    assert [(line.dish and line.dish.name, line.count, line.by_default) for line in stan.lines] == [
        ("Reine", 3, 3)
    ]


def test_without_a_default_dish_missing_choices_are_counted(edition, plan, comunik):
    MealPlan.objects.update(default_dish=None)

    (nothing,) = selectors.orders_of(selectors.eaters_of(edition))

    assert [(line.dish, line.count) for line in nothing.lines] == [(None, 2)]


def test_a_member_replaces_the_choice_of_the_captain_and_not_the_other_way_round(
    edition, plan, reine, verte, comunik, ada, ben
):
    services.choose(edition, ben, verte, by=ada, at=NOON)
    services.choose(edition, ben, reine, by=ben, at=NOON)

    assert Meal.objects.get().chosen_by == ben
    again = refused(lambda: services.choose(edition, ben, verte, by=ada, at=NOON))
    assert again == MealRefusal.CHOSEN_BY_OTHER


def test_after_the_cut_off_only_organizers_change_something(
    edition, plan, verte, comunik, ada, eve
):
    services.choose(edition, ada, verte, by=ada, at=CLOSES)
    assert refused(lambda: services.choose(edition, ada, verte, by=ada, at=AFTER)) == (
        MealRefusal.CLOSED
    )
    services.choose(edition, ada, plan.default_dish, by=eve, at=AFTER)

    assert Meal.objects.get().dish == plan.default_dish


def neighbour(get: Any) -> None:
    services.choose(get("edition"), get("cleo"), get("verte"), by=get("ada"), at=NOON)


def member(get: Any) -> None:
    services.choose(get("edition"), get("ada"), get("verte"), by=get("ben"), at=NOON)


def stranger(get: Any) -> None:
    services.choose(get("edition"), get("loner"), get("verte"), by=get("loner"), at=NOON)


def closed(get: Any) -> None:
    services.choose(get("edition"), get("ada"), get("verte"), by=get("ada"), at=AFTER)


def nothing_offered(get: Any) -> None:
    MealPlan.objects.all().delete()
    services.choose(get("edition"), get("ada"), get("verte"), by=get("ada"), at=NOON)


def chosen_already(get: Any) -> None:
    for by in ("ben", "ada"):
        services.choose(get("edition"), get("ben"), get("verte"), by=get(by), at=NOON)


def no_consent(get: Any) -> None:
    services.set_needs(get("edition"), get("ada"), "Arachides", consents=False, at=NOON)


def ticks_alone(get: Any) -> None:
    services.tick(get("edition"), [], by=get("ada"), at=NOON)


def same_name(get: Any) -> None:
    _raise(services.save_dishes(get("edition"), [row(name="REINE")], by=get("eve"), at=NOON))


def chosen_dish(get: Any) -> None:
    dish = get("verte")
    services.choose(get("edition"), get("ada"), dish, by=get("ada"), at=NOON)
    gone = Row(None, dish.pk, None)
    _raise(services.save_dishes(get("edition"), [gone], by=get("eve"), at=NOON))


def row(pk: int | None = None, **values: str) -> Row:
    return Row(None, pk, values, frozenset(values))


def _raise(refusals: dict[int, Refusal]) -> None:
    raise Refused(refusals[0])


REFUSALS: dict[tuple[MealRefusal, Callable[[Any], None]], None] = dict.fromkeys(
    [
        (MealRefusal.NOT_CAPTAIN, neighbour),
        (MealRefusal.NOT_CAPTAIN, member),
        (MealRefusal.NOT_EATER, stranger),
        (MealRefusal.CLOSED, closed),
        (MealRefusal.NOTHING_OFFERED, nothing_offered),
        (MealRefusal.CHOSEN_BY_OTHER, chosen_already),
        (MealRefusal.CONSENT_MISSING, no_consent),
        (MealRefusal.NOT_SERVING, ticks_alone),
        (MealRefusal.DISH_TAKEN, same_name),
        (MealRefusal.DISH_CHOSEN, chosen_dish),
    ]
)


@pytest.mark.parametrize(("code", "call"), REFUSALS)
def test_each_refusal(code, call, plan, comunik, pixels, request):
    assert refused(lambda: call(request.getfixturevalue)) == code


def test_every_code_has_a_case():
    assert {code for code, _call in REFUSALS} == set(MealRefusal)


# ---------------------------------------------------------------- dietary needs


def test_needs_are_read_by_organizers_only_and_written_nowhere_else(
    edition, plan, comunik, ada, ben, eve
):
    services.set_needs(edition, ada, MARKER, consents=True, at=NOON)

    assert selectors.needs_of(edition, eve, at=NOON) == {ada.pk: MARKER}
    assert selectors.needs_of(edition, ben, at=NOON) == {}
    assert types() == []
    assert JournalEntry.objects.count() == 0
    assert MARKER not in str(DietaryNeeds.objects.get())
    services.set_needs(edition, ada, "", consents=False, at=AFTER)  # also after the cut-off
    assert DietaryNeeds.objects.count() == 0
    assert refused(lambda: services.set_needs(edition, ada, MARKER, consents=True, at=AFTER)) == (
        MealRefusal.CLOSED
    )


def test_needs_are_hidden_at_their_instant_and_deleted_by_the_next_task(
    edition, plan, comunik, ada, eve, monkeypatch
):
    services.set_needs(edition, ada, "Arachides", consents=True, at=NOON)
    until = rules.needs_kept_until(edition)
    second = timedelta(seconds=1)

    def run(at: datetime) -> None:
        monkeypatch.setattr(periodic.clock, "now", lambda: at)
        periodic.forget_needs()

    run(until - second)
    assert len(selectors.needs_of(edition, eve, at=until - second)) == 1
    assert selectors.needs_of(edition, eve, at=until) == {}
    assert selectors.own_needs(edition, ada, at=until) is None
    run(until)
    run(until)
    assert DietaryNeeds.objects.count() == 0
    assert JournalEntry.objects.get().detail == {"count": 1}


def test_needs_of_an_archived_edition_are_hidden_and_deleted(edition, plan, comunik, ada, eve):
    services.set_needs(edition, ada, "Arachides", consents=True, at=NOON)

    editions.hide(edition=edition, archived=True, typed=edition.name, by=eve, at=NOON)

    edition.refresh_from_db()
    assert selectors.needs_of(edition, eve, at=NOON) == {}
    assert services.forget_needs(at=NOON) == 1


# ---------------------------------------------------------------- what is on offer


@pytest.mark.database
def test_dishes_are_saved_all_or_none(edition, reine, verte, eve):
    rows = [row(reine.pk, name="Royale"), row(name="verte"), row(name="Blanche")]
    refusals = services.save_dishes(edition, rows, by=eve, at=NOON)

    assert {index: refusal.code for index, refusal in refusals.items()} == {
        1: MealRefusal.DISH_TAKEN
    }
    assert [dish.name for dish in selectors.dishes_of(edition)] == ["Reine", "Verte"]
    gone = Row(None, verte.pk, None)
    assert services.save_dishes(edition, [rows[0], rows[2], gone], by=eve, at=NOON) == {}
    assert [dish.name for dish in selectors.dishes_of(edition)] == ["Royale", "Blanche"]
    assert types() == ["meals.changed"]


def test_the_hour_follows_its_milestone_and_a_clone_gets_the_menu(
    edition, plan, verte, comunik, ada, eve
):
    services.choose(edition, ada, verte, by=ada, at=NOON)
    pizzas = plan.milestone
    assert pizzas is not None
    later = pizzas.at + timedelta(minutes=30)
    act = {"kind": "meal", "label": "Pizzas", "by": eve, "at": NOON}
    schedule.save_milestone(edition=edition, milestone=pizzas, milestone_at=later, **act)

    clone = editions.clone(
        source=edition,
        slug="next",
        name="Next",
        starts_at=edition.starts_at + timedelta(days=364),
        parts=[ClonedPart.MILESTONES, "meals"],
        by=eve,
        at=NOON,
    )

    copied = selectors.plan_of(clone)
    assert copied is not None
    assert copied.milestone is not None
    assert copied.milestone.at == later + timedelta(days=364)
    assert copied.closes_at == CLOSES + timedelta(days=364)
    assert str(copied.default_dish) == "Reine"
    assert [dish.name for dish in selectors.dishes_of(clone)] == ["Reine", "Verte"]
    assert not Meal.objects.filter(edition=clone).exists()


def test_needs_and_choice_are_deleted_with_the_account(edition, plan, verte, comunik, ben):
    services.choose(edition, ben, verte, by=ben, at=NOON)
    services.set_needs(edition, ben, "Arachides", consents=True, at=NOON)

    erase_own(ben, at=NOON)

    assert dishes(edition) == {"Ada": "Reine"}
    assert [model.objects.count() for model in (Meal, DietaryNeeds)] == [0, 0]


def test_meals_are_deleted_with_the_edition(edition, plan, verte, student):
    services.choose(edition, student, verte, by=student, at=NOON)
    services.set_needs(edition, student, "Arachides", consents=True, at=NOON)
    edition.students.all().delete()

    edition.delete()

    assert [model.objects.count() for model in (Meal, Dish, MealPlan, DietaryNeeds)] == [0] * 4


# ---------------------------------------------------------------- handing out


@pytest.mark.database
def test_a_tick_holds_who_and_when(edition, plan, comunik, helper, ada, loner):
    late = EVENING + timedelta(hours=1)
    ticks = [ticked(ada, True, 0), Tick(loner.pk, True, EVENING), Tick(0, True, EVENING)]
    meal, stranger, unknown = services.tick(edition, ticks, by=helper, at=late)

    assert isinstance(meal, Meal)
    assert (meal.served_at, meal.served_by) == (EVENING, helper)
    assert [getattr(one, "code", "") for one in (stranger, unknown)] == [MealRefusal.NOT_EATER] * 2
    assert types() == ["meal.served"]
    (of_ada, of_ben) = selectors.eaters_of(edition)
    assert (of_ada.served_at, of_ada.served_by, of_ben.served_at) == (EVENING, "Hal", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meal.objects.update(served_by=None)


def test_a_clock_that_is_ahead_does_not_date_a_tick_after_its_arrival(
    edition, plan, comunik, helper, ada
):
    services.tick(edition, [ticked(ada, True, 300)], by=helper, at=EVENING)

    assert Meal.objects.get().served_at == EVENING


@pytest.mark.database
def test_ticks_of_several_phones_converge_in_any_order_and_number(
    edition, plan, comunik, helper, eve, ada
):
    sent = [
        (helper, ticked(ada, True, 0)),
        (eve, ticked(ada, False, 5)),
        (helper, ticked(ada, True, 9)),
        (eve, ticked(ada, False, 12)),
    ]
    chance = random.Random(7)
    for last in range(1, len(sent) + 1):
        for _ in range(4):
            Meal.objects.all().delete()
            arriving = [one for one in sent[:last] for _ in range(2)]
            chance.shuffle(arriving)
            for by, tick in arriving:
                services.tick(edition, [tick], by=by, at=EVENING + timedelta(hours=1))
            assert (Meal.objects.get().served_at is not None) == sent[last - 1][1].served


def test_the_queries_do_not_depend_on_the_number_of_people(edition, plan, comunik, ada):
    counts = []
    for number in range(2):
        counts.append(queries_of(lambda: selectors.handed_out(selectors.eaters_of(edition))))
        for n in range(3):
            make_team(
                comunik.department, f"T{number}{n}", make_user(f"u{number}{n}@example.org"), floor=n
            )

    assert counts[0] == counts[1] == 6


@pytest.mark.parametrize("is_on", [True, False])
def test_the_last_choice_moves_with_the_whole_day(edition, plan, eve, is_on):
    edition.extras = ["meals"] if is_on else []
    edition.save()
    to, at = edition.starts_at + timedelta(days=1), NOON - timedelta(days=1)

    schedule.move_day(edition=edition, to=to, by=eve, at=at)

    plan.refresh_from_db()
    assert plan.closes_at == CLOSES + timedelta(days=1 if is_on else 0)
