"""Tasks do nothing if their rows are gone."""

from smtplib import SMTPException
from uuid import UUID

from celery import shared_task

from hackathon.core import clock
from hackathon.core.background import enqueue
from hackathon.core.mail import in_french
from hackathon.webhooks import emails, sending
from hackathon.webhooks.models import Webhook


@shared_task
def deliver(pk: str) -> None:
    """Run twice, it sends once, unless the first run has failed."""
    disabled = sending.attempt(UUID(pk), at=clock.now())
    if disabled is not None:
        enqueue(tell_disabled, disabled)


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=30, max_retries=6
)
def tell_disabled(pk: int) -> None:
    webhook = Webhook.objects.select_related("edition").filter(pk=pk).first()
    if webhook is None:
        return
    for user in webhook.edition.organizers.filter(is_active=True):
        with in_french(webhook.edition.zone):
            message = emails.disabled(webhook, user)
        message.send()
