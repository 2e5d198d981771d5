from celery import shared_task

from hackathon.base.core import clock
from hackathon.extras.brief_scene import services


@shared_task
def pack_scene(edition_pk: int) -> None:
    services.pack(edition_pk, at=clock.now())
