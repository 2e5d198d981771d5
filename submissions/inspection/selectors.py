import json
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from submissions.enums import OPENS, Health
from submissions.inspection.result import COPY_SECONDS
from submissions.models import Inspection, Submission
from submissions.versions.selectors import version_of

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
    """The oldest video that needs a copy for reading. Versions that don't count get none."""
    without_copy = Inspection.objects.filter(copied_at=None, health__in=OPENS)
    videos = without_copy.filter(facts__type="video").exclude(facts__plays=True)
    replacing = Submission.objects.filter(
        team=OuterRef("submission__team"),
        deliverable=OuterRef("submission__deliverable"),
        version__gt=OuterRef("submission__version"),
        received_at__lte=Coalesce(
            OuterRef("submission__deliverable__due_at"),
            OuterRef("submission__team__edition__deadline_at"),
        ),
    )
    waiting = videos.filter(~Exists(replacing)).select_related(
        "submission__team__edition", "submission__deliverable"
    )
    # Versions that came after the deadline count or not, by the extension and the grace period.
    oldest_first = waiting.order_by("inspected_at")
    return next((one for one in oldest_first if version_of(one.submission).counts), None)


def contents_of(inspection: Inspection) -> dict[str, Any] | None:
    """Of an archive: what `archive_contents.read` returned. None without it."""
    if not inspection.contents:
        return None
    try:
        with inspection.contents.open("rb") as file:
            contents: dict[str, Any] = json.load(file)
    except (OSError, ValueError):
        return None
    return contents


def is_copy_awaited(inspection: Inspection) -> bool:
    """Of a version that counts: whether `next_to_copy` gives it some day. No query."""
    facts = inspection.facts
    is_needed = facts.get("type") == "video" and not facts.get("plays")
    return is_needed and inspection.copied_at is None and inspection.health in OPENS


def is_copy_cut(inspection: Inspection) -> bool:
    """Whether it ends before the video does, or may: some videos don't tell their length."""
    seconds = inspection.facts.get("seconds")
    return bool(inspection.reading_copy) and (seconds is None or seconds > COPY_SECONDS)
