"""News from below."""

from collections.abc import Mapping
from typing import Any

from django.dispatch import receiver

from hackathon.editions.models import Department, Edition
from hackathon.editions.signals import edition_cloned
from judging.services import criteria


@receiver(edition_cloned)
def copy_criteria(
    sender: Any, *, source: Edition, department_map: Mapping[int, Department], **_: Any
) -> None:
    """A cloned edition marks on what its model marked on."""
    criteria.copy(source=source, department_map=department_map)
