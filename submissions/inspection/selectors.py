from datetime import datetime, timedelta

from submissions.enums import Health
from submissions.models import Submission

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
