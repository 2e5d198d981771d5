"""Both tasks can run twice: no device gets a message twice."""

from typing import Any

from celery import shared_task
from django.utils import translation

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.base.push import registry, selectors, sending, services
from hackathon.base.push.models import Subscription
from hackathon.base.push.sending import Outcome

BATCH = 20


class Busy(Exception):
    """Push services could not take everything."""


@shared_task
def notify(source: str, *arguments: Any) -> None:
    """Two queries if nobody wants notifications."""
    if not Subscription.objects.exists():
        return
    notification = registry.load(source, list(arguments))
    if notification is None or clock.now() > notification.until:
        return
    pks = selectors.devices_of(notification)
    for start in range(0, len(pks), BATCH):
        enqueue(send_batch, source, list(arguments), pks[start : start + BATCH])


@shared_task(autoretry_for=(Busy,), retry_backoff=5, retry_backoff_max=30, max_retries=10)
def send_batch(source: str, arguments: list[Any], pks: list[int]) -> None:
    """Asks again who may get it: they may have left, or it was withdrawn meanwhile."""
    devices = selectors.still_signed_in(pks, at=clock.now())
    outcomes = []
    with sending.connections() as pool:
        for language in sorted({device.language for device in devices}):
            with translation.override(language):
                notification = registry.load(source, arguments)
                if notification is None:
                    return
                wanted = set(selectors.devices_of(notification))
                for device in devices:
                    if device.language == language and device.pk in wanted:
                        outcomes.append(_send(notification, device, pool))
    if Outcome.LATER in outcomes:
        raise Busy


def _send(notification: registry.Notification, device: Subscription, pool: Any) -> Outcome | None:
    at = clock.now()
    if at > notification.until or not services.claim(device, notification.key, at=at):
        return None
    outcome = sending.send(notification, device, pool, at=at)
    if outcome == Outcome.SENT:
        services.mark_sent(device, notification.key, at=clock.now())
    elif outcome == Outcome.GONE:
        services.forget(device)
    elif outcome == Outcome.LATER:
        services.release(device, notification.key)
    return outcome
