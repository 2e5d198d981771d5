from collections.abc import Collection
from functools import partial
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext

from hackathon.event.editions.models import Edition
from hackathon.event.editions.program import Instant
from hackathon.event.editions.signals import edition_cloned, instants_asked
from hackathon.extras.meals import live, selectors, services


@receiver(edition_cloned)
def copy_meals(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[str], **_: Any
) -> None:
    if "meals" in parts:
        services.copy(source=source, to=clone)


@receiver(instants_asked)
def own_instant(sender: Any, *, edition: Edition, **_: Any) -> list[Instant]:
    plan = selectors.plan_of(edition)
    if plan is None:
        return []
    url = reverse("meals:index", args=[edition.slug])
    tell = partial(live.meals_changed, edition)
    return [Instant(plan, "closes_at", gettext("Fin du choix des repas"), url, tell=tell)]
