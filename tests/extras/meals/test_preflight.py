"""The lines of its check: spoiled, then mended."""

from datetime import timedelta
from typing import Any

from hackathon.base.core.preflight import checks
from hackathon.event.editions.models import Milestone
from hackathon.extras.meals.models import Dish, MealPlan
from tests.conftest import DEADLINE, NOON
from tests.operations.conftest import Ready, ready

__all__ = ["ready"]  # a fixture

LATER = DEADLINE + timedelta(minutes=1)


def _meal_plan(ready: Ready, **fields: Any) -> None:
    """The cut-off is at noon, the meal an hour later, unless `fields` say something else."""
    dish, _made = Dish.objects.get_or_create(edition=ready.edition, name="Reine")
    Milestone.objects.update(at=NOON + timedelta(hours=1))
    plan = {"milestone": Milestone.objects.get(), "closes_at": NOON, "default_dish": dish}
    MealPlan.objects.update_or_create(edition=ready.edition, defaults=plan | fields)


def _no_dishes() -> None:
    Dish.objects.all().delete()


LINES: list[tuple[str, str, Any, Any]] = [
    (
        "meals.plan",
        "n’ont pas d’heure",
        lambda r: _meal_plan(r, milestone=None),
        lambda r: _meal_plan(r),
    ),
    (
        "meals.plan",
        "après l’heure du service",
        lambda r: _meal_plan(r, closes_at=LATER),
        lambda r: _meal_plan(r),
    ),
    (
        "meals.plan",
        "2 personnes sans repas",
        lambda r: _meal_plan(r, default_dish=None, closes_at=NOON - timedelta(minutes=1)),
        lambda r: _meal_plan(r),
    ),
    (
        "meals.plan",
        "n’est pas complète",
        lambda r: [_meal_plan(r), MealPlan.objects.update(default_dish=None), _no_dishes()],
        lambda r: MealPlan.objects.all().delete(),
    ),
]


def test_each_line_is_spoiled_and_mended(ready):
    for code, text, spoil, mend in LINES:
        assert ready.problems(code) == []
        spoil(ready)
        (problem_text,) = ready.problems(code)
        mend(ready)

        assert text in problem_text
        assert ready.problems(code) == []


def test_an_edition_without_meals_has_no_such_line(ready):
    _meal_plan(ready, milestone=None)
    assert ready.problems("meals.plan")

    ready.change(extras=[])

    assert [line.code for line in checks(ready.edition, at=NOON) if "meals" in line.code] == []
