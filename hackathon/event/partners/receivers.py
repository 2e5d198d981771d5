from collections.abc import Collection
from functools import partial
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Edition
from hackathon.event.editions.program import Instant
from hackathon.event.editions.signals import edition_cloned, instants_asked
from hackathon.event.partners import live, services
from hackathon.event.partners.models import ClientPage


@receiver(edition_cloned)
def copy_partners(
    source: Edition, clone: Edition, parts: Collection[ClonedPart], **_more: Any
) -> None:
    if ClonedPart.CLIENT in parts:
        services.copy(source, clone)


@receiver(instants_asked)
def own_instant(edition: Edition, **_more: Any) -> list[Instant]:
    page = ClientPage.objects.filter(edition=edition, public_at__isnull=False).first()
    if page is None:
        return []
    url = reverse("partners:client-edit", args=[edition.slug])
    tell = partial(live.client_changed, edition, is_public=False)
    return [Instant(page, "public_at", _("Page du client"), url, tell=tell)]
