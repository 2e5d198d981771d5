from functools import partial
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext

from hackathon.event.editions.models import Edition
from hackathon.event.editions.program import Instant
from hackathon.event.editions.signals import instants_asked
from hackathon.extras.gallery import live
from hackathon.extras.gallery.models import Gallery


@receiver(instants_asked)
def own_instant(sender: Any, *, edition: Edition, **_: Any) -> list[Instant]:
    gallery = Gallery.objects.filter(edition=edition, opens_at__isnull=False).first()
    if gallery is None:
        return []
    url = reverse("gallery:settings", args=[edition.slug])
    tell = partial(live.planned, edition)
    return [Instant(gallery, "opens_at", gettext("Ouverture de la galerie"), url, tell=tell)]
