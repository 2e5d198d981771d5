from collections.abc import Collection, Mapping
from typing import Any

from django.dispatch import receiver

from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.signals import edition_cloned
from hackathon.extras.letters import services


@receiver(edition_cloned)
def copy_sentences(
    sender: Any,
    *,
    source: Edition,
    parts: Collection[str],
    department_map: Mapping[int, Department],
    **_: Any,
) -> None:
    if "letters" in parts:
        services.copy(source=source, department_map=department_map)
