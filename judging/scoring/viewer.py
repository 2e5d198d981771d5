"""How a deliverable is shown beside the marks."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from hackathon.base.core import markdown
from hackathon.base.core.file_responses import INLINE_TYPES
from submissions.enums import DeliverableKind
from submissions.inspection.file_types import FileType, type_by_name
from submissions.inspection.result import COPY_SECONDS
from submissions.inspection.selectors import contents_of, is_copy_awaited, is_copy_cut
from submissions.models import Inspection, Submission
from submissions.versions.selectors import DeliverableStatus, TeamDeposits

TEXT_BYTES = 100_000  # shown of a text file


class Display(StrEnum):
    PDF = "pdf"
    IMAGE = "image"
    VIDEO = "video"
    ARCHIVE = "archive"
    TEXT_FILE = "text-file"
    DOWNLOAD = "download"
    LINK = "link"
    TEXT = "text"
    NOTHING = "nothing"


class TreeLine(NamedTuple):
    """`files`: how many are in a directory; None for a file. `size` in bytes."""

    depth: int
    name: str
    size: int
    files: int | None


@dataclass(frozen=True)
class Listing:
    """`more`: how many lines are not listed. `excerpt` or `html`: the beginning of the file `read`.
    `has_pictures`: the thumbnail shows those of the archive.
    """

    tree: list[TreeLine]
    more: int
    read: str
    excerpt: str
    html: str
    has_pictures: bool


@dataclass(frozen=True)
class OpenDeliverable:
    status: DeliverableStatus
    display: Display
    text: str = ""
    listing: Listing | None = None

    @property
    def copy_is_awaited(self) -> bool:
        return self._inspection is not None and is_copy_awaited(self._inspection)

    @property
    def copy_is_cut(self) -> bool:
        return self._inspection is not None and is_copy_cut(self._inspection)

    @property
    def copy_minutes(self) -> int:
        return COPY_SECONDS // 60

    @property
    def _inspection(self) -> Inspection | None:
        counting = self.status.counting
        return getattr(counting.submission, "inspection", None) if counting else None


def open_deliverable(deposits: TeamDeposits, wanted: str) -> OpenDeliverable | None:
    """The one with the id `wanted`, else the first that was handed in, else the first."""
    by_id = {str(status.deliverable.pk): status for status in deposits.statuses}
    received = (status for status in deposits.statuses if status.counting)
    status = by_id.get(wanted) or next(received, None) or next(iter(deposits.statuses), None)
    if status is None:
        return None
    display = display_of(status)
    if status.counting and display == Display.TEXT_FILE:
        return OpenDeliverable(status, display, text=_text_of(status.counting.submission))
    if status.counting and display == Display.ARCHIVE:
        listing = _listing_of(status.counting.submission)
        return OpenDeliverable(status, display if listing else Display.DOWNLOAD, listing=listing)
    return OpenDeliverable(status, display)


def display_of(status: DeliverableStatus) -> Display:
    if status.counting is None:
        return Display.NOTHING
    if status.deliverable.kind == DeliverableKind.LINK:
        return Display.LINK
    if status.deliverable.kind == DeliverableKind.TEXT:
        return Display.TEXT
    return _display_of_file(status.counting.submission)


def _display_of_file(submission: Submission) -> Display:
    if has_copy(submission):
        return Display.VIDEO
    content_type = submission.content_type
    if content_type == "application/pdf":
        return Display.PDF
    if content_type in INLINE_TYPES:
        return Display.IMAGE if content_type.startswith("image/") else Display.VIDEO
    if submission.is_broken:
        return Display.DOWNLOAD
    kind = type_by_name(submission.filename)
    if kind == FileType.TEXT:
        return Display.TEXT_FILE
    is_zip = kind == FileType.ARCHIVE and submission.filename.lower().endswith(".zip")
    return Display.ARCHIVE if is_zip else Display.DOWNLOAD


def has_copy(submission: Submission) -> bool:
    inspection = getattr(submission, "inspection", None)
    return bool(inspection and inspection.reading_copy)


def has_pictures(submission: Submission) -> bool:
    """Of an archive: whether the thumbnail shows its pictures."""
    inspection = getattr(submission, "inspection", None)
    return bool(inspection and inspection.contents and inspection.thumbnail)


def _text_of(submission: Submission) -> str:
    try:
        with submission.file.open("rb") as file:
            return _decoded(file.read(TEXT_BYTES))
    except OSError:
        return ""


def _listing_of(submission: Submission) -> Listing | None:
    """What a confined process has read: no archive is opened here."""
    inspection = getattr(submission, "inspection", None)
    contents = contents_of(inspection) if inspection else None
    if contents is None:
        return None
    text = contents["text"]
    return Listing(
        tree=[TreeLine(*line) for line in contents["tree"]],
        more=contents["more"],
        read=contents["name"],
        excerpt="" if contents["is_markdown"] else text,
        html=markdown.render_of_stranger(text) if contents["is_markdown"] else "",
        has_pictures=has_pictures(submission),
    )


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\x00", "\ufffd")
