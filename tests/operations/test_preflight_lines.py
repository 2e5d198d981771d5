"""The other lines of checks that have several: spoiled, then mended."""

from datetime import timedelta
from typing import Any

from hackathon.editions.models import Brief, Milestone
from hackathon.meals.models import Dish, MealPlan
from tests.conftest import DEADLINE, NOON
from tests.operations.conftest import Ready, field, setting


def _meal_plan(ready: Ready, **fields: Any) -> None:
    """The cut-off is at noon, the meal an hour later, unless `fields` say something else."""
    dish, _made = Dish.objects.get_or_create(edition=ready.edition, name="Reine")
    Milestone.objects.update(at=NOON + timedelta(hours=1))
    plan = {"milestone": Milestone.objects.get(), "closes_at": NOON, "default_dish": dish}
    MealPlan.objects.update_or_create(edition=ready.edition, defaults=plan | fields)


LATER, EARLY = DEADLINE + timedelta(minutes=1), NOON - timedelta(days=10)
LINES: list[tuple[str, str, Any, Any]] = [
    (
        "calendar.order",
        "Les inscriptions ferment après l’heure limite",
        *field("registration_closes_at", LATER, NOON - timedelta(hours=5)),
    ),
    (
        "calendar.order",
        "Les inscriptions ouvrent après le lancement",
        lambda r: r.change(registration_opens_at=NOON, registration_closes_at=NOON),
        lambda r: r.change(registration_opens_at=EARLY, registration_closes_at=NOON),
    ),
    (
        "calendar.zone",
        "Le lancement est à une heure de nuit",
        *field("starts_at", NOON - timedelta(hours=8), NOON - timedelta(hours=4, minutes=30)),
    ),
    (
        "brief.instant",
        "paraît hors de l’épreuve",
        lambda r: Brief.objects.update(published_at=NOON - timedelta(hours=9)),
        lambda r: Brief.objects.update(published_at=NOON - timedelta(hours=3)),
    ),
    ("server.key", "trop courte", *setting("SECRET_KEY", f"django-insecure-{'k' * 60}", "k" * 60)),
    ("server.https", "L’adresse du site", *setting("HTTPS", False, True)),
    (
        "server.hosts",
        "« ccd.example.org » manque",
        *setting("ALLOWED_HOSTS", ["testserver"], ["ccd.example.org"]),
    ),
    (
        "mail.server",
        "localhost",
        *setting("DEFAULT_FROM_EMAIL", "CCD <ccd@localhost>", "CCD <ccd@example.org>"),
    ),
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
    (
        "milestone.day",
        "Aucune étape",
        lambda r: Milestone.objects.all().delete(),
        lambda r: Milestone.objects.create(edition=r.edition, kind="meal", label="P", at=NOON),
    ),
]


def _no_dishes() -> None:
    Dish.objects.all().delete()


def test_the_other_lines_of_a_check_are_spoiled_and_mended(ready: Ready) -> None:
    for code, text, spoil, mend in LINES:
        assert ready.problems(code) == []
        spoil(ready)
        (problem_text,) = ready.problems(code)
        mend(ready)

        assert text in problem_text
        assert ready.problems(code) == []
