"""Reads of what was looked into."""

from datetime import datetime, timedelta

from submissions.enums import Health
from submissions.models import Submission

PATIENCE = timedelta(minutes=2)
GIVEN_UP = timedelta(days=1)
AT_ONCE = 30  # a minute: a deposit that arrives now must not wait behind all of them


def forgotten_inspections(*, at: datetime) -> list[int]:
    """Submissions that still wait for a look, though a worker has had the time; newest first.

    Those of the last day: one that ends every worker that tries must not do so for ever.
    """
    waiting = Submission.objects.filter(
        inspection__health=Health.PENDING,
        received_at__lte=at - PATIENCE,
        received_at__gt=at - GIVEN_UP,
    )
    return list(waiting.order_by("-received_at").values_list("pk", flat=True)[:AT_ONCE])


def uninspected(pk: int) -> Submission | None:
    """A submission that still waits for a look, with its team."""
    submissions = Submission.objects.select_related("team__edition", "inspection")
    return submissions.filter(pk=pk, inspection__health=Health.PENDING).first()
