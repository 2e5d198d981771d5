"""What a juror's tablet fetches to work without a network: pages, and what was handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from judging.scoring.selectors import MyTeams, TeamLine
from judging.scoring.showcase import Shape, shape_of
from submissions.models import Submission

# Videos as long as all files together are no more than so much; the smallest first.
BUDGET_BYTES = 400_000_000
SHOWN = (Shape.PDF, Shape.IMAGE)


class Kept(NamedTuple):
    """One file, and the page on which it is shown."""

    code: str
    team: int
    deliverable: int
    submission: Submission


@dataclass(frozen=True)
class Kit:
    """What is fetched; `left_out` are the videos that would be too much."""

    lines: list[tuple[str, TeamLine]]
    files: list[Kept]
    left_out: list[Kept]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(kept.submission.size for kept in self.files)

    @property
    def size_left_out(self) -> int:
        """Bytes that stay on the server."""
        return sum(kept.submission.size for kept in self.left_out)


def kit_of(juries: Iterable[MyTeams], *, budget: int = BUDGET_BYTES) -> Kit:
    """What these juries' pages show; no query."""
    lines = [(mine.juror.department.code, line) for mine in juries for line in mine.lines]
    files: list[Kept] = []
    videos: list[Kept] = []
    for code, line in lines:
        for status in line.deposits.statuses:
            shape = shape_of(status)
            if status.counting is None or shape not in (*SHOWN, Shape.VIDEO):
                continue
            pk, submission = status.deliverable.pk, status.counting.submission
            kept = Kept(code, line.team.pk, pk, submission)
            (videos if shape == Shape.VIDEO else files).append(kept)
    room = budget - sum(kept.submission.size for kept in files)
    left_out = []
    for video in sorted(videos, key=lambda kept: kept.submission.size):
        if video.submission.size <= room:
            room -= video.submission.size
            files.append(video)
        else:
            left_out.append(video)
    return Kit(lines, files, left_out)
