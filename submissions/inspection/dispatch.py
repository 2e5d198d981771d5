from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from submissions.inspection import file_types
from submissions.inspection.file_types import Detected, FileType
from submissions.inspection.result import FindingCode, Result


@dataclass(frozen=True)
class FileJob:
    path: str
    name: str


@dataclass(frozen=True)
class LinkJob:
    url: str


@dataclass(frozen=True)
class CopyJob:
    """A copy of the video with this path, for reading: of its first `result.COPY_SECONDS`."""

    copied: str


type Job = FileJob | LinkJob


def inspect(job: Job) -> Iterator[Result]:
    """Each result contains the one before: making a thumbnail may crash or exceed the time limit,
    and the results before it remain valid.
    """
    if isinstance(job, LinkJob):
        from submissions.inspection import links

        yield from links.inspect(job.url)
        return
    detected = file_types.detect(job.path)
    file_type = file_types.type_by_name(job.name) or detected.file_type
    if file_type is None:
        yield _unknown(job.name, detected)
        return
    for result in _inspector(file_type)(job.path, job.name):
        yield _compared(result, file_type, detected, file_types.extension_of(job.name))


def _inspector(file_type: FileType) -> Callable[[str, str], Iterator[Result]]:
    """Imported when needed: each one loads a large library."""
    if file_type is FileType.PDF:
        from submissions.inspection import pdf

        return pdf.inspect
    if file_type is FileType.IMAGE:
        from submissions.inspection import images

        return images.inspect
    if file_type in (FileType.VIDEO, FileType.AUDIO):
        from submissions.inspection import videos

        return videos.inspect
    if file_type is FileType.ARCHIVE:
        from submissions.inspection import archives

        return archives.inspect
    from submissions.inspection import texts

    return texts.inspect


def inspect_here(job: Job) -> Result:
    """The last result, in this process: only for files of our own."""
    *_before, last = inspect(job)
    return last


def _unknown(name: str, detected: Detected) -> Result:
    result = Result({"type": ""})
    label = detected.label or file_types.extension_of(name).upper()
    if not label:
        return result.with_finding(FindingCode.NOT_CHECKED)
    if label in ("HEIC", "HEIF"):
        return result.with_finding(FindingCode.PHONE_PHOTO)
    return result.with_finding(FindingCode.RARE_FORMAT, format=label)


def _compared(result: Result, file_type: FileType, detected: Detected, extension: str) -> Result:
    if detected.file_type == file_type or not detected.label:
        return result
    params = {"named": extension.upper(), "content": detected.label}
    if result.has(FindingCode.UNREADABLE, FindingCode.DAMAGED):
        return replace(result, findings=[]).with_finding(FindingCode.TYPE_MISMATCH, **params)
    # A video that is named as audio opens as audio.
    if detected.file_type in (None, FileType.VIDEO):
        return result
    return result.with_finding(FindingCode.TWO_TYPES, **params)
