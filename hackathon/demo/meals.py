import random

from hackathon.accounts.models import User
from hackathon.core.tables import Row
from hackathon.demo.day import Day
from hackathon.demo.facts import facts
from hackathon.editions.models import Edition
from hackathon.meals import services
from hackathon.meals.forms import DishRow
from hackathon.meals.selectors import dishes_of
from hackathon.meals.services import Tick
from teams.models import Membership

CLOSES = "2020-02-13T17:00"
SERVED = "2020-02-13T19:20"
CHOSEN = 0.8  # of those who could
NEEDS = ("Allergie aux arachides", "Sans gluten", "Sans lactose")


def create_meals(edition: Edition, day: Day, *, by: User) -> None:
    """Most people have chosen, the others get the default dish; after the hour most are served."""
    chance = random.Random(20)
    opened, closes = day.registration_opens_at, day.at(CLOSES)
    rows = [Row(DishRow(), None, dish) for dish in facts()["dishes"]]
    services.save_dishes(edition, rows, by=by, at=opened)
    dishes = dishes_of(edition)
    services.save_plan(
        edition=edition,
        milestone=edition.milestones.filter(kind="meal").last(),
        closes_at=closes,
        default_dish=dishes[0],
        by=by,
        at=opened,
    )
    members = Membership.objects.filter(edition=edition).select_related("user").order_by("pk")
    users = [member.user for member in members]
    at = min(day.now, closes)
    for user in users:
        if chance.random() < CHOSEN:
            weights = range(len(dishes), 0, -1)
            (dish,) = chance.choices(dishes, weights)
            services.choose(edition, user, dish, by=user, at=at)
    for user, text in zip(chance.sample(users, len(NEEDS)), NEEDS, strict=True):
        services.set_needs(edition, user, text, consents=True, at=at)
    if day.now > day.at(SERVED):
        served = [Tick(user.pk, True, day.at(SERVED)) for user in users if chance.random() < 0.95]
        services.tick(edition, served, by=by, at=day.now)
