from collections.abc import Collection
from functools import partial
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from hackathon.event.editions.models import Edition
from hackathon.event.editions.program import Instant
from hackathon.event.editions.signals import edition_cloned, instants_asked
from hackathon.extras.presence import live, services
from hackathon.extras.presence.models import Moment


@receiver(edition_cloned)
def copy_moments(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[str], **_: Any
) -> None:
    if "presence" in parts:
        services.copy(source=source, to=clone)


@receiver(instants_asked)
def own_instants(sender: Any, *, edition: Edition, **_: Any) -> list[Instant]:
    url = reverse("presence:moments", args=[edition.slug])
    tell = partial(live.presence_set_up, edition)
    moments = Moment.objects.filter(edition=edition)
    return [Instant(moment, "at", moment.name, url, tell=tell) for moment in moments]
