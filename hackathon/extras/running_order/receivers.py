from collections.abc import Collection
from functools import partial
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from hackathon.event.editions.models import Edition
from hackathon.event.editions.program import Instant
from hackathon.event.editions.signals import edition_cloned, instants_asked
from hackathon.extras.running_order import live, selectors, services


@receiver(edition_cloned)
def copy_steps(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[str], **_: Any
) -> None:
    if "running_order" in parts:
        services.copy(source=source, to=clone)


@receiver(instants_asked)
def own_instants(sender: Any, *, edition: Edition, **_: Any) -> list[Instant]:
    """Without what is done."""
    url = reverse("running_order:edit", args=[edition.slug])
    tell = partial(live.steps_changed, edition)
    steps = selectors.steps_of(edition).filter(done_at=None)
    return [Instant(step, "at", step.title, url, tell=tell) for step in steps]
