from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from judging.scoring.pages import MyTeams, TeamLine
from judging.scoring.viewer import Display, display_of, has_copy, has_pictures
from submissions.models import Submission

# Largest total size in bytes. Small videos are kept first.
BUDGET_BYTES = 400_000_000
PICTURES_BYTES = 100_000  # of an archive, about: their size is not stored


class OfflineFile(NamedTuple):
    """`code`, `team` and `deliverable` identify the page that shows the file. Of a video that has a
    copy for reading, it is the copy that is shown; of an archive its pictures.
    """

    code: str
    team: int
    deliverable: int
    submission: Submission
    is_archive: bool = False

    @property
    def size(self) -> int:
        if self.is_archive:
            return PICTURES_BYTES
        if has_copy(self.submission):
            return self.submission.inspection.reading_copy_bytes
        return self.submission.size


@dataclass(frozen=True)
class OfflineKit:
    lines: list[tuple[str, TeamLine]]
    files: list[OfflineFile]
    left_out: list[OfflineFile]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def size_left_out(self) -> int:
        return sum(file.size for file in self.left_out)


def kit_of(juries: Iterable[MyTeams], *, budget: int = BUDGET_BYTES) -> OfflineKit:
    """No query."""
    lines = [(mine.juror.department.code, line) for mine in juries for line in mine.lines]
    files: list[OfflineFile] = []
    videos: list[OfflineFile] = []
    for code, line in lines:
        for status in line.deposits.statuses:
            if status.counting is None:
                continue
            submission = status.counting.submission
            file = OfflineFile(code, line.team.pk, status.deliverable.pk, submission)
            display = display_of(status)
            if display == Display.VIDEO:
                videos.append(file)
            elif display in (Display.PDF, Display.IMAGE):
                files.append(file)
            elif display == Display.ARCHIVE and has_pictures(submission):
                files.append(file._replace(is_archive=True))
    left = budget - sum(file.size for file in files)
    left_out = []
    for video in sorted(videos, key=lambda file: file.size):
        if video.size <= left:
            left -= video.size
            files.append(video)
        else:
            left_out.append(video)
    return OfflineKit(lines, files, left_out)
