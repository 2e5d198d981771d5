"""Raises `NotFound` for those who may not see the object."""

from datetime import datetime

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.day.stage.models import Projector
from hackathon.day.stage.projectors.rules import GONE
from hackathon.event.editions.models import Edition


def muted_projectors(edition: Edition, *, at: datetime) -> list[Projector]:
    """Whose last film was without sound, of those that report."""
    return list(edition.projectors.filter(is_muted=True, said_at__gte=at - GONE))


def get_projector_of(edition: Edition, pk: int) -> Projector:
    projector = get_or_not_found(Projector.objects.all(), edition=edition, pk=pk)
    projector.edition = edition
    return projector


def get_projector(edition: Edition | None, key: str) -> Projector:
    """The one whose computer knows this key, of the edition that is shown."""
    if edition is None:
        raise NotFound
    projector = get_or_not_found(Projector.objects.all(), edition=edition, key=key)
    projector.edition = edition
    return projector
