"""Dishes, choices, dietary needs and handing out. Services raise `Refused`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refusal, Refused, check, refuse
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.core.tables import Row
from hackathon.event.editions.models import Edition, Milestone
from hackathon.event.editions.rules import local_delay, shifted
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.roles import roles_of
from hackathon.extras.meals import live, rules, selectors
from hackathon.extras.meals.errors import MealRefusal
from hackathon.extras.meals.models import DietaryNeeds, Dish, Meal, MealPlan
from teams.selectors.teams import membership_of

DISH_FIELDS = ("name", "description", "labels", "pizzeria")
PLAN_FIELDS = ("milestone_id", "closes_at", "default_dish_id")


# ---------------------------------------------------------------- what is on offer


@transaction.atomic
def save_plan(
    *,
    edition: Edition,
    milestone: Milestone | None,
    closes_at: datetime,
    default_dish: Dish | None,
    by: User,
    at: datetime,
) -> MealPlan:
    """Raises `NotFound` if the dish or the milestone was deleted meanwhile."""
    edition = lock_for(by, edition.pk)
    if default_dish is not None:
        default_dish = selectors.get_dish(edition, default_dish.pk)
    if milestone is not None:
        milestone = get_or_not_found(edition.milestones.all(), pk=milestone.pk)
    plan = selectors.plan_of(edition) or MealPlan(edition=edition)
    before = journal.state(plan, PLAN_FIELDS) if plan.pk else {}
    plan.milestone, plan.closes_at, plan.default_dish = milestone, closes_at, default_dish
    plan.save()
    if not before or journal.changes(before, plan):
        journal.record("meals.planned", plan, by=by, at=at, closes_at=closes_at.isoformat())
        live.meals_changed(edition, at=at)
    return plan


@transaction.atomic
def save_dishes(edition: Edition, rows: Sequence[Row], *, by: User, at: datetime) -> dict[int, Any]:
    """All rows or none. The refusal of each refused row, by its index."""
    edition = lock_for(by, edition.pk)
    refused: dict[int, Refusal] = {}
    for index, row in enumerate(rows):
        try:
            with transaction.atomic():
                _save_dish(edition, row, by=by, at=at)
        except Refused as error:
            refused[index] = error.refusal
    if refused:
        transaction.set_rollback(True)
    elif rows:
        live.meals_changed(edition, at=at)
    return refused


def _save_dish(edition: Edition, row: Row, *, by: User, at: datetime) -> None:
    stored = Dish.objects.filter(edition=edition, pk=row.pk or 0).first()
    if row.values is None:
        if stored is not None:
            check(rules.dish_refusal(stored, is_chosen=stored.meals.exists()))
            journal.record("dish.deleted", stored, by=by, at=at, name=stored.name)
            stored.delete()
        return
    dish = stored or Dish(edition=edition, position=edition.dishes.count())
    before = journal.state(dish, DISH_FIELDS) if stored else {}
    for name, value in row.values_for(stored).items():
        setattr(dish, name, value)
    try:
        with transaction.atomic():
            dish.save()
    except IntegrityError as error:
        raise Refused(refuse(MealRefusal.DISH_TAKEN, dish=dish.name)) from error
    changes = journal.changes(before, dish)
    journal.record("dish.saved", dish, by=by, at=at, name=dish.name, changes=changes)


def copy(*, source: Edition, to: Edition) -> None:
    """Dishes and cut-off, moved to the new day. No choices."""
    copies = {
        dish.pk: Dish.objects.create(
            edition=to,
            position=dish.position,
            **{name: getattr(dish, name) for name in DISH_FIELDS},
        )
        for dish in selectors.dishes_of(source)
    }
    if plan := selectors.plan_of(source):
        delay, old = local_delay(source.starts_at, to.starts_at, source.zone), plan.milestone
        same = to.milestones.filter(kind=old.kind, label=old.label) if old else None
        MealPlan.objects.create(
            edition=to,
            milestone=same.first() if same is not None else None,
            closes_at=shifted(plan.closes_at, delay, source.zone),
            default_dish=copies.get(plan.default_dish_id or 0),
        )


# ---------------------------------------------------------------- what a person has chosen


@transaction.atomic
def choose(edition: Edition, user: User, dish: Dish, *, by: User, at: datetime) -> Meal:
    """Of two choices at once the later one counts, but a captain's replaces only their own. Locks
    the edition, so that the dish is not deleted meanwhile. Raises `NotFound` if it was before.
    """
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    dish = selectors.get_dish(edition, dish.pk)
    membership = membership_of(user, edition)
    own = membership if by == user else membership_of(by, edition)
    team = membership.team if membership else None
    meal = _lock_meals(edition, [user.pk])[user.pk]
    check(
        rules.choice_refusal(
            selectors.plan_of(edition),
            meal,
            edition=edition,
            by=by,
            is_eater=membership is not None or bool(selectors.eaters_among(edition, [user.pk])),
            captain=own is not None and own.is_captain and own.team == team,
            organizer=is_organizer(by, edition),
            at=at,
        )
    )
    if meal.dish_id == dish.pk and meal.chosen_by_id == by.pk:
        return meal
    meal.dish, meal.chosen_by = dish, by
    meal.save(update_fields=["dish", "chosen_by"])
    # Without the dish, which may reveal a person's religion: the journal is never deleted.
    journal.record("meal.chosen", meal, by=by, at=at, team=team and team.pk)
    live.meal_chosen(edition, team, at=at)
    return meal


@transaction.atomic
def set_needs(edition: Edition, user: User, text: str, *, consents: bool, at: datetime) -> None:
    """Of oneself only. An empty text deletes them. Not in the journal: that somebody has needs is
    health data too.
    """
    eater = bool(selectors.eaters_among(edition, [user.pk]))
    check(rules.needs_refusal(text, consents=consents, is_eater=eater))
    if not text:
        DietaryNeeds.objects.filter(edition=edition, user=user).delete()
        return
    check(rules.period_refusal(selectors.plan_of(edition), edition=edition, at=at))
    DietaryNeeds.objects.update_or_create(
        edition=edition, user=user, defaults={"text": text, "consented_at": at}
    )


@transaction.atomic
def forget_needs(*, at: datetime) -> int:
    """Of the editions that are archived or over since `rules.NEEDS_KEPT`. How many."""
    total = 0
    for edition in Edition.objects.filter(dietary_needs__isnull=False).distinct():
        if not rules.needs_are_kept(edition, at=at):
            count, _by_model = edition.dietary_needs.all().delete()
            if count:
                journal.record("needs.forgotten", edition, by=None, at=at, count=count)
            total += count
    return total


# ---------------------------------------------------------------- handing out


@dataclass(frozen=True)
class Tick:
    """Of the user `person`, made or taken back at `at` by the clock of a phone."""

    person: int
    served: bool
    at: datetime


@transaction.atomic
def tick(
    edition: Edition, ticks: Sequence[Tick], *, by: User, at: datetime
) -> list[Meal | Refusal]:
    """Sent once or several times, in any order, they lead to the same state: the latest tick sets
    whether a person is served, and the first of several that agree sets by whom.
    """
    check(rules.tick_refusal(serves=selectors.serves(roles_of(by, edition)), is_eater=True))
    eaters = selectors.eaters_among(edition, {one.person for one in ticks})
    meals = _lock_meals(edition, eaters)
    outcomes: dict[int, Meal | Refusal] = {}
    changed = False
    for index, one in sorted(enumerate(ticks), key=lambda item: (item[1].person, item[1].at)):
        refusal = rules.tick_refusal(serves=True, is_eater=one.person in eaters)
        if refusal is None:
            meal = meals[one.person]
            changed |= _apply(meal, one, by=by, at=at)
        outcomes[index] = refusal or meal
    if changed:
        live.meal_served(edition, at=at)
    return [outcomes[index] for index in range(len(ticks))]


def _apply(meal: Meal, tick: Tick, *, by: User, at: datetime) -> bool:
    """Whether the person is served now and was not, or the other way round."""
    made_at = min(tick.at, at)
    if meal.ticked_at is not None and made_at <= meal.ticked_at:
        return False
    changes, meal.ticked_at = tick.served != (meal.served_at is not None), made_at
    if changes:
        meal.served_at, meal.served_by = (made_at, by) if tick.served else (None, None)
        act = "meal.served" if tick.served else "meal.unserved"
        journal.record(act, meal, by=by, at=at)
    meal.save(update_fields=["ticked_at", "served_at", "served_by"])
    return changes


def _lock_meals(edition: Edition, people: Collection[int]) -> dict[int, Meal]:
    """By user. Made where there is none; another request may make it at the same time. Three
    queries. Locked in one order, so that two requests do not wait for each other.
    """
    of_people = Meal.objects.filter(edition=edition, user__in=people)
    existing = set(of_people.values_list("user_id", flat=True))
    missing = [Meal(edition=edition, user_id=pk) for pk in sorted(people) if pk not in existing]
    Meal.objects.bulk_create(missing, ignore_conflicts=True)
    locked = of_people.select_for_update(of=("self",)).select_related("dish", "served_by")
    return {meal.user_id: meal for meal in locked.order_by("user_id")}
