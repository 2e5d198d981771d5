from dataclasses import dataclass
from enum import StrEnum

from hackathon.core.file_responses import INLINE_TYPES
from submissions.deposits.selectors import DeliverableStatus, TeamDeposits
from submissions.enums import DeliverableKind


class Display(StrEnum):
    PDF = "pdf"
    IMAGE = "image"
    VIDEO = "video"
    DOWNLOAD = "download"
    LINK = "link"
    TEXT = "text"
    NOTHING = "nothing"


@dataclass(frozen=True)
class OpenDeliverable:
    status: DeliverableStatus
    display: Display


def open_deliverable(deposits: TeamDeposits, wanted: str) -> OpenDeliverable | None:
    """The one with the id `wanted`, else the first that was handed in, else the first."""
    by_id = {str(status.deliverable.pk): status for status in deposits.statuses}
    received = (status for status in deposits.statuses if status.counting)
    status = by_id.get(wanted) or next(received, None) or next(iter(deposits.statuses), None)
    return OpenDeliverable(status, display_of(status)) if status else None


def display_of(status: DeliverableStatus) -> Display:
    if status.counting is None:
        return Display.NOTHING
    if status.deliverable.kind == DeliverableKind.LINK:
        return Display.LINK
    if status.deliverable.kind == DeliverableKind.TEXT:
        return Display.TEXT
    content_type = status.counting.submission.content_type
    if content_type not in INLINE_TYPES:
        return Display.DOWNLOAD
    if content_type == "application/pdf":
        return Display.PDF
    return Display.IMAGE if content_type.startswith("image/") else Display.VIDEO
