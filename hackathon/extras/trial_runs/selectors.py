from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from hackathon.extras.trial_runs.models import SmallRehearsal

SHOWN = 5


def latest(edition: Edition) -> list[SmallRehearsal]:
    """Newest first, without their reports. One query. The caller has checked the rights."""
    found = SmallRehearsal.objects.filter(edition=edition).select_related("begun_by")
    return list(found.defer("report").order_by("-begun_at")[:SHOWN])


def get_reported(edition: Edition, pk: int) -> SmallRehearsal:
    """Raises `NotFound`."""
    return get_or_not_found(SmallRehearsal.objects.exclude(report=""), edition=edition, pk=pk)
