from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from hackathon.accounts.models import User
from hackathon.editions.enums import ClonedPart
from hackathon.editions.models import Edition
from hackathon.editions.signals import edition_cloned
from hackathon.stage.projectors import services


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
