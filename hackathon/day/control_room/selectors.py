"""What the control room shows. The caller has checked that an organizer asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import prefetch_related_objects

from hackathon.base.live.fragments import once
from hackathon.day.announcements import selectors as announcements
from hackathon.day.announcements.selectors import Unreached
from hackathon.day.control_room.plot import Plot, plot
from hackathon.day.questions import selectors as questions
from hackathon.day.questions.models import Question
from hackathon.day.stage.selectors import ScreenLine, periods_of, screen_lines
from hackathon.event.editions import moves, rules
from hackathon.event.editions.enums import Phase
from hackathon.event.editions.fragments import moments_of
from hackathon.event.editions.models import Edition
from hackathon.event.editions.moves import LastMove
from judging.deliberation.selectors import publication
from judging.jury import progress
from judging.jury.selectors import open_flags
from judging.models import Flag
from submissions import board
from submissions.board import Board, Figures, shared_board
from submissions.transfers.selectors import Transfer, under_way
from submissions.versions.progress import LatestDeposit, latest_deposits
from submissions.versions.viewers import PERIOD
from teams.selectors import calls
from teams.selectors.calls import Waits
from teams.selectors.listing import DepartmentCounts, counts_by_department

LATEST = 12
# What is the same for all organizers until a message about these nouns (`once`).
SHARED = {
    "latest": f"{PERIOD} submission deliverable team",
    "juries": "team edition membership sheet jury deliberation",
    "waits": "team help edition",
    "groups": "team edition membership",
    "questions": "edition question",
    "flags": "team jury edition",
    "scenes": "projector brief client edition",
}
JUDGING = (Phase.CLOSED, Phase.JUDGING)
# Until then a team may well have handed in nothing, or only something.
NOTHING_IS_WRONG = timedelta(hours=2)
PARTLY_IS_WRONG = timedelta(hours=1)


@dataclass(frozen=True)
class Wrong:
    """Counts of what needs attention now."""

    nothing: int
    partly: int
    broken: int
    calls: int
    questions: int
    stalled: int
    flags: int
    short: int  # juries without jurors, or with teams that too few read
    is_disk_low: bool

    @property
    def any(self) -> bool:
        return any(vars(self).values())

    @property
    def urgent(self) -> int:
        """If it grows, pages with sound switched on play a sound."""
        waiting = self.calls + self.questions + self.flags
        return self.broken + self.stalled + self.is_disk_low + waiting


def phase_instants(edition: Edition, *, at: datetime) -> list[datetime]:
    every = [edition.starts_at, edition.deadline_at, rules.grace_ends_at(edition)]
    return [instant for instant in every if instant >= at]


class Shown:
    """Each part is read once, when a block asks for it. Parts of `SHARED` are the same for all
    organizers until they change.
    """

    def __init__(self, edition: Edition, *, at: datetime) -> None:
        self.edition, self.at = edition, at

    def _shared[T](self, name: str, read: Callable[[Edition], T]) -> T:
        return once(self.edition, f"control room: {name}", read, SHARED[name])

    @cached_property
    def phase(self) -> Phase:
        return rules.phase(self.edition, at=self.at)

    @cached_property
    def board(self) -> Board:
        return shared_board(self.edition)

    @cached_property
    def latest(self) -> list[LatestDeposit]:
        return self._shared("latest", lambda edition: latest_deposits(edition, LATEST))

    @cached_property
    def juries(self) -> list[progress.JuryProgress]:
        return self._shared("juries", progress.progress)

    @property
    def instants(self) -> list[datetime]:
        """After which the page fetches its blocks."""
        return phase_instants(self.edition, at=self.at)

    def ceremony_is_on(self) -> bool:
        return publication.ceremony_has_begun(self.edition)

    @cached_property
    def moments(self) -> list[rules.Moment]:
        return moments_of(self.edition)

    @cached_property
    def waits(self) -> Waits:
        return self._shared("waits", calls.waits)

    @cached_property
    def figures(self) -> Figures:
        return board.figures(self.edition, at=self.at)

    @cached_property
    def plot(self) -> Plot:
        return plot(self.edition, self.figures, self.moments, at=self.at)

    @cached_property
    def lines(self) -> list[ScreenLine]:
        return screen_lines(self.edition, self._shared("scenes", periods_of), at=self.at)

    @cached_property
    def groups(self) -> list[DepartmentCounts]:
        return self._shared("groups", counts_by_department)

    @property
    def registered(self) -> int:
        return sum(group.teams for group in self.groups)

    @property
    def is_open(self) -> bool:
        return rules.registration_is_open(self.edition, at=self.at)

    @cached_property
    def undoable(self) -> LastMove | None:
        return moves.undoable(self.edition, at=self.at)

    @cached_property
    def questions(self) -> list[Question]:
        return self._shared("questions", questions.waiting)

    @cached_property
    def uploads(self) -> list[Transfer]:
        return under_way(self.edition, at=self.at)

    @cached_property
    def flags(self) -> list[Flag]:
        return self._shared("flags", open_flags)

    @cached_property
    def unreached(self) -> Unreached | None:
        return announcements.unreached(self.edition, at=self.at)

    @cached_property
    def wrong(self) -> Wrong:
        left = self.edition.deadline_at - self.at
        is_over = self.phase not in (Phase.RUNNING, Phase.GRACE)
        # Juries read a team without deposits until it is marked as absent.
        is_asked = not is_over or self.phase in JUDGING
        juries = self.juries if self.phase in JUDGING else []
        return Wrong(
            nothing=0 if not is_asked or left > NOTHING_IS_WRONG else self.board.silent_count,
            partly=0 if is_over or left > PARTLY_IS_WRONG else self.board.partly_count,
            broken=self.board.broken_count,
            calls=len(self.waits.waiting),
            questions=len(self.questions),
            stalled=sum(upload.is_stalled for upload in self.uploads),
            flags=len(self.flags),
            short=sum(not jury.locked and bool(jury.short or not jury.jurors) for jury in juries),
            is_disk_low=self.figures.space.is_low,
        )


def whole(edition: Edition, *, at: datetime) -> Shown:
    """For all parts: what several of them read is read once."""
    prefetch_related_objects([edition], "departments")
    return Shown(edition, at=at)
