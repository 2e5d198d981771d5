"""For organizers of the edition: callers have checked it."""

from datetime import datetime
from uuid import UUID

from hackathon.base.core import extras
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from hackathon.extras.webhooks.models import Delivery, Webhook

LOG_LENGTH = 50
DUE_AT_ONCE = 50


def webhooks_of(edition: Edition) -> list[Webhook]:
    return list(edition.webhooks.all())


def get_webhook(edition: Edition, pk: int) -> Webhook:
    return get_or_not_found(Webhook.objects.select_related("edition"), edition=edition, pk=pk)


def get_delivery(webhook: Webhook, pk: UUID) -> Delivery:
    return get_or_not_found(Delivery.objects.all(), webhook=webhook, pk=pk)


def log_of(webhook: Webhook) -> list[Delivery]:
    """Newest first."""
    return list(webhook.deliveries.all()[:LOG_LENGTH])


def due_deliveries(*, at: datetime) -> list[UUID]:
    """Two queries. Those of editions without webhooks stay due, and delay no others."""
    editions = [each for each in Edition.objects.all() if extras.is_on("webhooks", each)]
    due = Delivery.objects.filter(
        next_at__lte=at, webhook__disabled_at=None, webhook__edition__in=editions
    )
    return list(due.order_by("next_at").values_list("pk", flat=True)[:DUE_AT_ONCE])
