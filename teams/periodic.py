from datetime import timedelta

from celery import shared_task

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.base.push.tasks import notify
from hackathon.event.editions import live
from hackathon.event.editions.models import Brief
from teams.services import invitations

PATIENCE = timedelta(minutes=5)  # a worker that was down for longer sends none


@shared_task
def send_due_invitations() -> None:
    invitations.send_due(at=clock.now())


@shared_task
def push_due_briefs() -> None:
    """Runs several times within `PATIENCE`: open pages hear of it once, and no device gets a
    notification twice. One query, and two per brief.
    """
    at = clock.now()
    due = Brief.objects.published(at).filter(published_at__gt=at - PATIENCE)
    shown = due.filter(department__edition__is_current=True)
    for brief in shown.select_related("department__edition"):
        live.brief_appeared(brief, at=at)
        enqueue(notify, "brief", brief.pk)
