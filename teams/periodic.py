from celery import shared_task

from hackathon.core import clock
from teams.services import invitations


@shared_task
def send_due_invitations() -> None:
    invitations.send_due(at=clock.now())
