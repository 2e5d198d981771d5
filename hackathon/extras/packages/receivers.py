from datetime import datetime
from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from hackathon.event.editions.models import Department
from hackathon.event.editions.services.briefs import remove_on_commit
from hackathon.event.editions.signals import brief_hidden
from hackathon.extras.packages import services
from hackathon.extras.packages.models import BriefPackage


@receiver(brief_hidden)
def take_key_back(sender: Any, *, department: Department, at: datetime, **_: Any) -> None:
    """Also while packages are off: the key may have been sent before."""
    services.revoke(department=department, at=at)


@receiver(post_delete, sender=BriefPackage)
def remove_file(sender: Any, *, instance: BriefPackage, **_: Any) -> None:
    remove_on_commit([instance.file])
