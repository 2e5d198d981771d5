from datetime import datetime
from uuid import UUID

from django.db import transaction
from standardwebhooks import Webhook as Signer

from hackathon.base.core import extras, journal
from hackathon.extras.webhooks import rules
from hackathon.extras.webhooks.enums import Form
from hackathon.extras.webhooks.models import Delivery, Webhook
from hackathon.extras.webhooks.transport import Outcome, post

GONE = 410


def attempt(pk: UUID, *, at: datetime) -> int | None:
    """Returns the key of the webhook if it was disabled, because nothing arrives.

    No row is locked while waiting for the receiver: the worker that sets `next_at` sends. After a
    crash the next attempt is due at that instant. For an edition without webhooks nothing is sent:
    what waits is kept, and sent once they are on again.
    """
    delivery = _claimed(pk, at=at)
    if delivery is None:
        return None
    webhook, body = delivery.webhook, delivery.body
    headers = {}
    if webhook.form == Form.STANDARD:
        headers = {
            "webhook-id": f"msg_{delivery.pk.hex}",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Signer(webhook.secret).sign(f"msg_{delivery.pk.hex}", at, body),
        }
    return _record(delivery, post(webhook.url, body.encode(), headers), at=at)


def _claimed(pk: UUID, *, at: datetime) -> Delivery | None:
    delivery = Delivery.objects.select_related("webhook__edition").filter(pk=pk).first()
    if delivery is None or delivery.next_at is None or delivery.webhook.disabled_at is not None:
        return None
    if not extras.is_on("webhooks", delivery.webhook.edition):
        return None
    attempts = delivery.attempts + 1
    # Kept for a moment longer than the request takes, also for the last attempt.
    lease = rules.next_attempt(attempts, at=at) or at + rules.PAUSES[1]
    # This update decides: of two workers that have read the same row, the second one changes none.
    mine = Delivery.objects.filter(pk=pk, next_at__lte=at, attempts=delivery.attempts)
    if not mine.update(attempts=attempts, next_at=max(lease, at + rules.PAUSES[1])):
        return None
    delivery.attempts = attempts
    if delivery.webhook.failing_since is not None:
        with transaction.atomic():
            _lock(delivery.webhook_id)
            _hold_others(delivery, at=at)
    return delivery


def _lock(webhook: int) -> Webhook | None:
    """Two deliveries of one webhook may be sent at once, and change it and the others."""
    return Webhook.objects.select_for_update().filter(pk=webhook).first()


def _hold_others(delivery: Delivery, *, at: datetime) -> None:
    others = Delivery.objects.filter(webhook=delivery.webhook_id, next_at__lt=at + rules.REST)
    others.exclude(pk=delivery.pk).update(next_at=at + rules.REST)


@transaction.atomic
def _record(delivery: Delivery, outcome: Outcome, *, at: datetime) -> int | None:
    webhook = _lock(delivery.webhook_id)
    if webhook is None:
        return None
    delivery.status, delivery.error = outcome.status, outcome.error[:120]
    if outcome.arrived:
        delivery.delivered_at, delivery.next_at, webhook.failing_since = at, None, None
    else:
        delivery.next_at = rules.next_attempt(delivery.attempts, at=at)
        webhook.failing_since = webhook.failing_since or at
        _hold_others(delivery, at=at)
    delivery.save(update_fields=["status", "error", "delivered_at", "next_at"])
    gone = outcome.status == GONE
    ends = gone or rules.must_be_disabled(webhook.failing_since, at=at)
    disabled = ends and webhook.disabled_at is None
    if disabled:
        webhook.disabled_at = at
        journal.record("webhook.disabled", webhook, by=None, at=at, name=webhook.name)
        webhook.deliveries.filter(delivered_at=None).update(next_at=None)
    webhook.save(update_fields=["failing_since", "disabled_at"])
    return webhook.pk if disabled else None
