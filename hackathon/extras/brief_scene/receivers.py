from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.briefs import remove_on_commit
from hackathon.event.editions.signals import edition_cloned
from hackathon.extras.brief_scene import services
from hackathon.extras.brief_scene.models import BriefScene, ScenePackage


@receiver(edition_cloned)
def copy_scene(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[str], **_: Any
) -> None:
    if ClonedPart.PROJECTORS in parts:
        services.copy(source, clone)


@receiver(post_delete, sender=BriefScene)
@receiver(post_delete, sender=ScenePackage)
def remove_file(sender: Any, *, instance: BriefScene | ScenePackage, **_: Any) -> None:
    if instance.file:
        remove_on_commit([instance.file])
