from datetime import datetime, timedelta

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import day_and_time
from hackathon.extras.meals.errors import MealRefusal
from hackathon.extras.meals.models import Dish, Meal, MealPlan

NEEDS_KEPT = timedelta(days=7)  # after the deadline of the edition


def is_open(plan: MealPlan, *, at: datetime) -> bool:
    return at <= plan.closes_at


def period_refusal(
    plan: MealPlan | None, *, edition: Edition, at: datetime, organizer: bool = False
) -> Refusal | None:
    """After the cut-off only organizers change something."""
    if plan is None:
        return refuse(MealRefusal.NOTHING_OFFERED)
    if organizer or is_open(plan, at=at):
        return None
    return refuse(MealRefusal.CLOSED, closed=day_and_time(plan.closes_at, edition))


def choice_refusal(
    plan: MealPlan | None,
    meal: Meal,
    *,
    edition: Edition,
    by: User,
    is_eater: bool,
    captain: bool,
    organizer: bool,
    at: datetime,
) -> Refusal | None:
    """`captain`: `by` is the captain of the team of the person. They replace only choices that they
    have made: an organizer may have chosen because of dietary needs.
    """
    is_own = meal.user_id == by.pk
    if not (is_own or captain or organizer):
        return refuse(MealRefusal.NOT_CAPTAIN)
    if not is_eater:
        return refuse(MealRefusal.NOT_EATER)
    if refusal := period_refusal(plan, edition=edition, at=at, organizer=organizer):
        return refusal
    if not (is_own or organizer or meal.chosen_by_id in (None, by.pk)):
        return refuse(MealRefusal.CHOSEN_BY_OTHER)
    return None


def needs_refusal(text: str, *, consents: bool, is_eater: bool) -> Refusal | None:
    """Without a text they are deleted, which anybody may at any time, also outside all lists."""
    if not text:
        return None
    if not is_eater:
        return refuse(MealRefusal.NOT_EATER)
    return None if consents else refuse(MealRefusal.CONSENT_MISSING)


def needs_kept_until(edition: Edition) -> datetime:
    return edition.deadline_at + NEEDS_KEPT


def needs_are_kept(edition: Edition, *, at: datetime) -> bool:
    return edition.state != EditionState.ARCHIVED and at < needs_kept_until(edition)


def dish_refusal(dish: Dish, *, is_chosen: bool) -> Refusal | None:
    """Whether it may be deleted."""
    return refuse(MealRefusal.DISH_CHOSEN, dish=dish.name) if is_chosen else None


def tick_refusal(*, serves: bool, is_eater: bool) -> Refusal | None:
    if not serves:
        return refuse(MealRefusal.NOT_SERVING)
    return None if is_eater else refuse(MealRefusal.NOT_EATER)
