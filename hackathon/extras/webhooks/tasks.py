"""Tasks do nothing if their rows are gone."""

from uuid import UUID

from celery import shared_task
from django.utils.translation import gettext_lazy

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.base.core.mail import in_french
from hackathon.base.core.mail_tasks import mail_task
from hackathon.extras.webhooks import emails, sending
from hackathon.extras.webhooks.models import Webhook


@shared_task
def deliver(pk: str) -> None:
    """Run twice, it sends once, unless the first run has failed."""
    disabled = sending.attempt(UUID(pk), at=clock.now())
    if disabled is not None:
        enqueue(tell_disabled, disabled)


@mail_task(gettext_lazy("Webhook arrêté"), max_retries=6)
def tell_disabled(pk: int) -> None:
    webhook = Webhook.objects.select_related("edition").filter(pk=pk).first()
    if webhook is None:
        return
    for user in webhook.edition.organizers.filter(is_active=True):
        with in_french(webhook.edition.zone):
            message = emails.disabled(webhook, user)
        message.send()
