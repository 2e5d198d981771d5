from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from hackathon.base.core.errors import Refusal
from judging.enums import SheetState, SkipReason
from judging.models import Criterion, Juror, ScoreSheet
from judging.scoring.remarks import OfCriterion
from submissions.versions.selectors import TeamDeposits
from teams.models import Team


@dataclass(frozen=True)
class OwnTotal:
    """Out of 20."""

    team: Team
    total: Fraction


@dataclass(frozen=True)
class OwnSheet:
    """`readings`: how many other jurors have begun a sheet of the team."""

    team: Team
    total: Fraction | None
    is_final: bool
    skip: str
    readings: int


class Work(StrEnum):
    UNTOUCHED = "untouched"
    DRAFT = "draft"
    FINAL = "final"


class ShownLine(NamedTuple):
    """All that a line of the list shows. `skip_label` in the active language, empty unless the team
    is put off.
    """

    pk: int
    name: str
    project: str
    room: str
    work: str
    marked: int
    criteria: int
    mean: Fraction | None
    version: int
    outdated: bool
    skip: str
    skip_label: str
    state: str
    state_label: str
    received: int
    total: int
    delay: int


@dataclass(frozen=True)
class TeamLine:
    """`outdated`: the counting submissions have changed since a mark."""

    team: Team
    work: Work
    marked: int
    criteria: int
    mean: Fraction | None
    deposits: TeamDeposits
    version: int = 0
    outdated: bool = False
    skip: str = ""

    @property
    def skip_label(self) -> str:
        return str(SkipReason(self.skip).label)

    @property
    def is_put_off(self) -> bool:
        return bool(self.skip) and self.work != Work.FINAL

    @property
    def is_ready(self) -> bool:
        """Every criterion is marked, and nothing but finishing is left. As in jury-finish.js."""
        is_marked = self.work == Work.DRAFT and self.mean is not None
        return is_marked and not self.outdated and not self.is_put_off

    @property
    def shown(self) -> ShownLine:
        team, deposits, state = self.team, self.deposits, self.deposits.state
        return ShownLine(
            pk=team.pk,
            name=team.name,
            project=team.project,
            room=team.room,
            work=self.work.value,
            marked=self.marked,
            criteria=self.criteria,
            mean=self.mean,
            version=self.version,
            outdated=self.outdated,
            skip=self.skip,
            skip_label=self.skip_label if self.is_put_off else "",
            state=state.value,
            state_label=str(state.label),
            received=deposits.received_of_due,
            total=len(deposits.due),
            delay=deposits.extension.minutes if deposits.extension else 0,
        )


@dataclass(frozen=True)
class MyTeams:
    """`paused`: the jurors of this jury, without the own one.

    `hears`: the nominees are locked, and the jury hears them.
    """

    juror: Juror
    criteria: list[Criterion]
    lines: list[TeamLine]
    done: int
    closed: Refusal | None
    is_open_to_sign: bool = False
    hears: bool = False
    reads_decision: bool = False
    paused: list[Juror] = field(default_factory=list)

    @property
    def left(self) -> int:
        return len(self.lines) - self.done

    @property
    def ready(self) -> int:
        return sum(line.is_ready for line in self.lines)

    @property
    def has_begun(self) -> bool:
        return any(line.work != Work.UNTOUCHED for line in self.lines)

    @property
    def totals(self) -> list[OwnTotal]:
        return [OwnTotal(line.team, line.mean) for line in self.lines if line.mean is not None]

    @property
    def next_unfinished(self) -> Team | None:
        open_lines = [line for line in self.lines if line.work != Work.FINAL]
        return next((line.team for line in sorted(open_lines, key=lambda x: bool(x.skip))), None)


@dataclass(frozen=True)
class MarkLine:
    criterion: Criterion
    value: Decimal | None
    outdated: bool
    remarks: list[OfCriterion]


@dataclass(frozen=True)
class OwnRange:
    """Of the means that the juror gave. `rank` is that of the team of the page."""

    low: Fraction
    high: Fraction
    count: int
    rank: int | None


@dataclass(frozen=True)
class SheetPage:
    """`index` starts at 1. `may_remark`: remarks may be written, also if marks may not."""

    juror: Juror
    team: Team
    sheet: ScoreSheet | None
    lines: list[MarkLine]
    mean: Fraction | None
    mine: list[OwnSheet]
    own_range: OwnRange | None
    index: int
    count: int
    previous: Team | None
    next: Team | None
    next_unfinished: Team | None
    closed: Refusal | None
    deposits: TeamDeposits
    may_remark: bool = False

    @property
    def totals(self) -> list[OwnTotal]:
        return [OwnTotal(own.team, own.total) for own in self.mine if own.total is not None]

    @property
    def skip(self) -> str:
        return self.mine[self.index - 1].skip

    @property
    def skip_label(self) -> str:
        return str(SkipReason(self.skip).label) if self.skip else ""

    @property
    def version(self) -> int:
        return self.sheet.version if self.sheet else 0

    @property
    def seen(self) -> list[int]:
        """Ids of submissions."""
        return sorted(counting_of(self.deposits))

    @property
    def outdated(self) -> bool:
        return any(line.outdated for line in self.lines)

    @property
    def is_final(self) -> bool:
        return self.sheet is not None and self.sheet.state == SheetState.FINAL

    @property
    def writable(self) -> bool:
        return self.closed is None and not self.is_final

    @property
    def marked(self) -> int:
        return sum(line.value is not None for line in self.lines)

    @property
    def comment(self) -> str:
        return self.sheet.comment if self.sheet else ""

    @property
    def notes(self) -> str:
        """Only the juror may read them."""
        return self.sheet.notes if self.sheet else ""


def counting_of(deposits: TeamDeposits) -> dict[int, datetime]:
    """`received_at` by id. A deck is presented on stage: handed in later, it changes no mark."""
    counting = [
        status.counting
        for status in deposits.statuses
        if status.counting and not status.deliverable.is_deck
    ]
    return {c.submission.pk: c.submission.received_at for c in counting}
