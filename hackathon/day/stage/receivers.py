from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from hackathon.base.accounts.models import User
from hackathon.day.stage.projectors import services
from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Edition
from hackathon.event.editions.signals import edition_cloned


@receiver(edition_cloned)
def copy_projectors(
    source: Edition,
    clone: Edition,
    parts: Collection[ClonedPart],
    by: User,
    at: datetime,
    **_more: Any,
) -> None:
    if ClonedPart.PROJECTORS in parts:
        services.copy(source, clone, by=by, at=at)
