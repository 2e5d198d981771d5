from datetime import timedelta

from celery import shared_task

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.base.push.tasks import notify
from hackathon.event.editions.models import Brief
from teams.services import invitations

PATIENCE = timedelta(minutes=5)  # a worker that was down for longer sends none


@shared_task
def send_due_invitations() -> None:
    invitations.send_due(at=clock.now())


@shared_task
def push_due_briefs() -> None:
    """Runs several times within `PATIENCE`: no device gets a notification twice. One query."""
    at = clock.now()
    due = Brief.objects.published(at).filter(published_at__gt=at - PATIENCE)
    for pk in due.filter(department__edition__is_current=True).values_list("pk", flat=True):
        enqueue(notify, "brief", pk)
