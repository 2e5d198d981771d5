from celery import shared_task

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.event.editions.models import Edition
from hackathon.extras.brief_scene import selectors, services
from hackathon.extras.brief_scene.tasks import pack_scene


@shared_task
def make_scene_package() -> None:
    at = clock.now()
    services.remove_outdated(at=at)
    edition = Edition.objects.current()
    if edition is not None and selectors.contents_to_pack(edition, at=at) is not None:
        enqueue(pack_scene, edition.pk)
