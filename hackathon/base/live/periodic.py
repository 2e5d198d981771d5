from datetime import timedelta

from celery import shared_task

from hackathon.base.core import clock
from hackathon.base.core.models import LiveMessage
from hackathon.base.live import messages

LIVE_KEPT = timedelta(days=3)


@shared_task
def forget_messages() -> None:
    # The newest is kept without its data: its id shows that there were messages before it.
    old = LiveMessage.objects.filter(written_at__lt=clock.now() - LIVE_KEPT)
    newest = messages.last_id()
    old.exclude(pk=newest).delete()
    if last := old.filter(pk=newest).exclude(type=messages.DELETED):
        last.update(data={}, audiences=LiveMessage.join(()))
