"""How the jury's page shows one thing that was handed in."""

from dataclasses import dataclass
from enum import StrEnum

from hackathon.core.file_responses import INLINE_TYPES
from submissions.deposits.selectors import DeliverableStatus, TeamDeposits
from submissions.enums import DeliverableKind


class Shape(StrEnum):
    """What the page does with it."""

    PDF = "pdf"
    IMAGE = "image"
    VIDEO = "video"
    DOWNLOAD = "download"
    LINK = "link"
    TEXT = "text"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Shown:
    """The deliverable that is open beside the marks."""

    status: DeliverableStatus
    shape: Shape


def showcase(deposits: TeamDeposits, wanted: str) -> Shown | None:
    """The deliverable with the id `wanted`; else the first that has something; None without any."""
    by_id = {str(status.deliverable.pk): status for status in deposits.statuses}
    received = (status for status in deposits.statuses if status.counting)
    status = by_id.get(wanted) or next(received, None) or next(iter(deposits.statuses), None)
    return Shown(status, shape_of(status)) if status else None


def shape_of(status: DeliverableStatus) -> Shape:
    """What can be done with what counts."""
    if status.counting is None:
        return Shape.NOTHING
    if status.deliverable.kind == DeliverableKind.LINK:
        return Shape.LINK
    if status.deliverable.kind == DeliverableKind.TEXT:
        return Shape.TEXT
    content_type = status.counting.submission.content_type
    if content_type not in INLINE_TYPES:
        return Shape.DOWNLOAD
    if content_type == "application/pdf":
        return Shape.PDF
    return Shape.IMAGE if content_type.startswith("image/") else Shape.VIDEO
