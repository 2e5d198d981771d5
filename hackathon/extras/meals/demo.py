import random

from hackathon.base.core.tables import Row
from hackathon.extras.meals import services
from hackathon.extras.meals.forms import DishRow
from hackathon.extras.meals.selectors import dishes_of
from hackathon.extras.meals.services import Tick
from hackathon.run.demo.build import Made
from teams.models import Membership

CLOSES = "2020-02-13T17:00"
SERVED = "2020-02-13T19:20"
CHOSEN = 0.8  # of those who could
DISHES = [
    {
        "name": "Reine",
        "description": "Tomate, jambon, champignons, mozzarella",
        "labels": "",
        "pizzeria": "Pizza Stanislas",
    },
    {
        "name": "Margherita",
        "description": "Tomate, mozzarella, basilic",
        "labels": "végétarien, sans porc",
        "pizzeria": "Pizza Stanislas",
    },
    {
        "name": "Quatre fromages",
        "description": "Mozzarella, chèvre, bleu, munster",
        "labels": "végétarien, sans porc",
        "pizzeria": "Pizza Stanislas",
    },
    {
        "name": "Orientale",
        "description": "Tomate, merguez, poivrons, olives",
        "labels": "sans porc",
        "pizzeria": "Chez Gino",
    },
    {
        "name": "Jardinière",
        "description": "Légumes grillés, sans fromage",
        "labels": "végétalien, sans porc",
        "pizzeria": "Chez Gino",
    },
]
NEEDS = ("Allergie aux arachides", "Sans gluten", "Sans lactose")


def fill(made: Made) -> None:
    """Most people have chosen, the others get the default dish; after the hour most are served."""
    chance = random.Random(20)
    edition, day, by = made.edition, made.day, made.organizer
    opened, closes = day.registration_opens_at, day.at(CLOSES)
    rows = [Row(DishRow(), None, dish) for dish in DISHES]
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
