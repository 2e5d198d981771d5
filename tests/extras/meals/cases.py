from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition, Milestone
from hackathon.extras.meals import services
from hackathon.extras.meals.models import DietaryNeeds, Dish, Meal, MealPlan
from tests.access.roles import EVERYBODY, ORGANIZER, SERVING, STUDENTS
from tests.conftest import NOON
from tests.extras import Cases, Rows
from tests.site.live_case import Case

READS = {
    "meals:card": STUDENTS,
    "meals:dishes": ORGANIZER,
    "meals:handout": SERVING,
    "meals:index": ORGANIZER,
    "meals:needs": STUDENTS,
    "meals:order": ORGANIZER,
    "meals:own": STUDENTS,
    "meals:people": ORGANIZER,
    "meals:sheet": ORGANIZER,
    "meals:worker": EVERYBODY,
}
WRITES = {
    "meals:choose": STUDENTS,
    "meals:dishes": ORGANIZER,
    "meals:index": ORGANIZER,
    "meals:needs": STUDENTS,
    "meals:people": ORGANIZER,
    "meals:synchronise": SERVING,
}
SENTENCES = {
    "meal.chosen": ({}, "Eve a choisi le repas de Dan."),
    "meal.served": ({}, "Eve a remis son repas à Dan."),
    "meal.unserved": ({}, "Eve a décoché le repas de Dan."),
    "meals.planned": (
        {"closes_at": "2020-02-13T22:00:00+00:00"},
        "Eve a réglé les repas ; choix jusqu’à : 23:00.",
    ),
}


def objects(world: Rows) -> Rows:
    dish = Dish.objects.create(edition=world["edition"], name="Reine", pizzeria="Chez Gino")
    MealPlan.objects.create(
        edition=world["edition"],
        milestone=world["milestone"],
        closes_at=NOON + timedelta(hours=2),
        default_dish=dish,
    )
    return {"dish": dish}


def _choose(w: SimpleNamespace, at: datetime) -> None:
    services.choose(w.edition, w.ada, w.dish, by=w.ada, at=at)


def _serve(w: SimpleNamespace, at: datetime) -> None:
    services.tick(w.edition, [services.Tick(w.ada.pk, True, at)], by=w.organizer, at=at)


def _offer_another_dish(w: SimpleNamespace, at: datetime) -> None:
    plan = w.edition.meal_plan
    services.save_plan(
        edition=w.edition,
        milestone=plan.milestone,
        closes_at=plan.closes_at + timedelta(minutes=5),
        default_dish=None,
        by=w.organizer,
        at=at,
    )


def _secrets(world: Any, _role: str, marker: str) -> None:
    """Of a member who is none of the readers."""
    edition = world.objects["edition"]
    mate = world.objects["team"].memberships.get(user__name="Mia").user
    services.set_needs(edition, mate, f"Arachides {marker}besoin", consents=True, at=NOON)


def _crowd(edition: Edition, by: User) -> None:
    """Three of four members have chosen, one of four has been served, and one of ten has needs."""
    dish = Dish.objects.filter(edition=edition).first()
    with_needs = set(DietaryNeeds.objects.filter(edition=edition).values_list("user", flat=True))
    served = set(Meal.objects.filter(edition=edition).values_list("user", flat=True))
    members = [
        pk
        for pk in edition.memberships.order_by("pk").values_list("user", flat=True)
        if pk not in served
    ]
    Meal.objects.bulk_create(
        Meal(
            edition=edition,
            user_id=pk,
            dish=dish,
            chosen_by_id=pk,
            **({} if number % 4 else {"served_at": NOON, "served_by": by, "ticked_at": NOON}),
        )
        for number, pk in enumerate(members)
        if number % 4 != 3
    )
    DietaryNeeds.objects.bulk_create(
        DietaryNeeds(edition=edition, user_id=pk, text="Sans noix", consented_at=NOON)
        for pk in members[::10]
        if pk not in with_needs
    )


CASES = Cases(
    reads=READS,
    writes=WRITES,
    unread=dict.fromkeys(("meals:handout", "meals:people", "meals:sheet")),
    bodies={"meals:synchronise": lambda _world: '{"for": 0, "changes": []}'},
    fixed={("meals:sheet", "name"): "commande"},
    sentences=SENTENCES,
    targets={"dish": "meals.dish:1"},
    messages={
        "meal.chosen": Case(_choose),
        "meal.served": Case(_serve),
        "meals.changed": Case(_offer_another_dish),
    },
    pages={"ada": [("meals:own", {})], "eve": [("meals:handout", {})]},
    instants={"meals": lambda edition: edition.meal_plan.closes_at},
    checks={
        "meals.plan": (
            lambda r: Dish.objects.create(edition=r.edition, name="Reine"),
            lambda r: MealPlan.objects.create(
                edition=r.edition, milestone=Milestone.objects.get(), closes_at=NOON
            ),
        ),
    },
    objects=objects,
    secrets=_secrets,
    crowd=_crowd,
)
