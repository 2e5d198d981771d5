from datetime import timedelta

import pytest

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Milestone
from hackathon.extras.meals.models import Dish, MealPlan
from teams.models import Duty, Student
from tests.conftest import NOON, make_user

CLOSES = NOON + timedelta(hours=2)
AFTER = CLOSES + timedelta(minutes=1)


@pytest.fixture
def reine(edition) -> Dish:
    return Dish.objects.create(edition=edition, name="Reine", pizzeria="Stan", position=0)


@pytest.fixture
def verte(edition) -> Dish:
    return Dish.objects.create(
        edition=edition, name="Verte", pizzeria="Gino", labels="végétarien, sans porc", position=1
    )


@pytest.fixture
def plan(edition, reine) -> MealPlan:
    """Served at 20:00 in Nancy."""
    pizzas = Milestone.objects.create(
        edition=edition, kind="meal", label="Pizzas", at=NOON + timedelta(hours=7)
    )
    return MealPlan.objects.create(
        edition=edition, milestone=pizzas, closes_at=CLOSES, default_dish=reine
    )


@pytest.fixture
def helper(edition) -> User:
    user = make_user("hal@example.org", "Hal")
    Duty.objects.create(edition=edition, user=user, kind="technical")
    return user


@pytest.fixture
def student(edition) -> User:
    """On the lists of the school, in no team."""
    user = make_user("sam@example.org", "Sam")
    Student.objects.create(edition=edition, user=user)
    return user
