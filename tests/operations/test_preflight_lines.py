"""The other lines of checks that have several: spoiled, then mended."""

from datetime import timedelta
from typing import Any

from hackathon.event.editions.models import Brief, Milestone
from tests.conftest import DEADLINE, NOON
from tests.operations.conftest import field, setting

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
        "milestone.day",
        "Aucune étape",
        lambda r: Milestone.objects.all().delete(),
        lambda r: Milestone.objects.create(edition=r.edition, kind="meal", label="P", at=NOON),
    ),
]


def test_the_other_lines_of_a_check_are_spoiled_and_mended(ready):
    for code, text, spoil, mend in LINES:
        assert ready.problems(code) == []
        spoil(ready)
        (problem_text,) = ready.problems(code)
        mend(ready)

        assert text in problem_text
        assert ready.problems(code) == []
