"""How a deliverable is shown beside the marks."""

import zipfile
from dataclasses import dataclass
from enum import StrEnum

from django.core.cache import cache

from hackathon.core.file_responses import INLINE_TYPES
from submissions.deposits.selectors import DeliverableStatus, TeamDeposits
from submissions.enums import DeliverableKind
from submissions.inspection.dispatch import COPY_SECONDS
from submissions.inspection.file_types import FileType, type_by_name
from submissions.inspection.selectors import is_copy_awaited, is_copy_cut
from submissions.models import Inspection, Submission

TEXT_BYTES = 100_000  # shown of a text file
ENTRIES = 300  # listed of an archive
ARCHIVE_ENTRIES_MAX = 20_000  # an archive with more of them is not opened
EXCERPT_BYTES = 20_000  # shown of one text inside an archive
KEPT_SECONDS = 24 * 3600  # the content of a submission never changes
READ_FIRST = ("readme", "lisezmoi", "lisez-moi", "index")
DAMAGES = (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError, RuntimeError)


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


@dataclass(frozen=True)
class Listing:
    """`more`: how many entries are not listed. `excerpt`: the beginning of the entry `read`."""

    entries: list[tuple[str, int]]
    more: int = 0
    read: str = ""
    excerpt: str = ""


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


def _text_of(submission: Submission) -> str:
    try:
        with submission.file.open("rb") as file:
            return _decoded(file.read(TEXT_BYTES))
    except OSError:
        return ""


def _listing_of(submission: Submission) -> Listing | None:
    """Only of an archive that a confined process has opened, and found small enough: the list of a
    few million entries takes more memory than this process has.
    """
    inspection = getattr(submission, "inspection", None)
    entries = inspection.facts.get("entries") if inspection else None
    if entries is None or entries > ARCHIVE_ENTRIES_MAX:
        return None
    key = f"listing:{submission.pk}"
    listing = cache.get(key)
    if listing is None:
        listing = _read_listing(submission)
        cache.set(key, listing or "", KEPT_SECONDS)
    return listing or None


def _read_listing(submission: Submission) -> Listing | None:
    """Reads the directory of the archive and one text; extracts nothing. None if it is damaged."""
    try:
        with submission.file.open("rb") as file, zipfile.ZipFile(file) as archive:
            files = [entry for entry in archive.infolist() if not entry.is_dir()]
            entries = [(_printable(e.filename), e.file_size) for e in files[:ENTRIES]]
            read = _worth_reading(files)
            excerpt = ""
            if read is not None:
                with archive.open(read) as opened:
                    excerpt = _decoded(opened.read(EXCERPT_BYTES))
    except DAMAGES:
        return None
    name = _printable(read.filename) if read else ""
    return Listing(entries, len(files) - len(entries), name, excerpt)


def _worth_reading(files: list[zipfile.ZipInfo]) -> zipfile.ZipInfo | None:
    """A README nearest to the root, else the first text. None without a text."""
    texts = [
        entry
        for entry in files
        if type_by_name(entry.filename) == FileType.TEXT and not entry.flag_bits & 1
    ]

    def order(entry: zipfile.ZipInfo) -> tuple[int, int]:
        name = entry.filename.rsplit("/", 1)[-1].lower()
        return (0 if name.startswith(READ_FIRST) else 1, entry.filename.count("/"))

    return min(texts, key=order, default=None)


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\x00", "\ufffd")


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in name[:200])
