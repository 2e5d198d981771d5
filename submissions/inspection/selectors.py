from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from submissions.enums import Health
from submissions.models import Inspection, Submission

INSPECTION_OVERDUE = timedelta(minutes=2)
GIVEN_UP = timedelta(days=1)
INSPECTIONS_PER_RUN = 30  # few, so that new deposits don't wait long behind them


def forgotten_inspections(*, at: datetime) -> list[int]:
    """Newest first; only of the last day, in case that a file crashes each worker."""
    waiting = Submission.objects.filter(
        inspection__health=Health.PENDING,
        received_at__lte=at - INSPECTION_OVERDUE,
        received_at__gt=at - GIVEN_UP,
    )
    return list(waiting.order_by("-received_at").values_list("pk", flat=True)[:INSPECTIONS_PER_RUN])


def uninspected(pk: int) -> Submission | None:
    """The submission with its team; None if it is inspected already."""
    submissions = Submission.objects.select_related("team__edition", "inspection")
    return submissions.filter(pk=pk, inspection__health=Health.PENDING).first()


def next_to_copy() -> Inspection | None:
    """The oldest video that needs a copy for reading. Replaced versions get none."""
    found = Inspection.objects.filter(copied_at=None, health__in=(Health.GOOD, Health.DOUBTFUL))
    videos = found.filter(facts__type="video").exclude(facts__plays=True)
    newer = Submission.objects.filter(
        team=OuterRef("submission__team"),
        deliverable=OuterRef("submission__deliverable"),
        version__gt=OuterRef("submission__version"),
    )
    waiting = videos.filter(~Exists(newer)).select_related("submission__team__edition")
    return waiting.order_by("inspected_at").first()
