from collections.abc import Collection, Mapping
from typing import Any

from django.dispatch import receiver

from hackathon.event.editions.models import Department
from hackathon.event.editions.signals import edition_cloned
from hackathon.extras.passages import services


@receiver(edition_cloned)
def copy_plans(
    sender: Any, *, parts: Collection[str], department_map: Mapping[int, Department], **_: Any
) -> None:
    if "passages" in parts:
        services.copy(department_map)
