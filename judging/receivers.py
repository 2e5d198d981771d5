"""News from below."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.dispatch import receiver

from hackathon.editions.models import Department, Edition
from hackathon.editions.signals import edition_cloned
from judging.services import criteria, jury
from submissions.models import Seal
from submissions.signals import seal_made


@receiver(edition_cloned)
def copy_criteria(
    sender: Any, *, source: Edition, department_map: Mapping[int, Department], **_: Any
) -> None:
    """A cloned edition marks on what its model marked on."""
    criteria.copy(source=source, department_map=department_map)


@receiver(seal_made)
def mail_seals(sender: Any, *, departments: Iterable[Seal], **_: Any) -> None:
    """Each jury keeps the digest of what it will judge."""
    for seal in departments:
        jury.mail_seal(seal)
