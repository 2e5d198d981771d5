"""News from the apps below."""

from typing import Any

from django.dispatch import receiver

from hackathon.editions.models import Department
from hackathon.editions.signals import edition_cloned
from submissions.services import deliverables


@receiver(edition_cloned)
def copy_deliverables(department_map: dict[int, Department], **kwargs: Any) -> None:
    """The clone's departments ask for what those of its model asked for."""
    deliverables.copy(department_map)
