"""The deposits of the day on its time axis, drawn as SVG without a library."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hackathon.base.core.formats import clock_time
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import Moment, grace_ends_at
from submissions.board import BIN, Figures

TICKS = 6  # about so many times on the axis
TICK_HOURS = (1, 2, 3, 6, 12)


@dataclass(frozen=True)
class Position:
    """`x`: per cent of the width, as SVG writes numbers."""

    x: str
    label: str
    at: datetime


@dataclass(frozen=True)
class Plot:
    """`path`: a bar per bin, in a box of `len(counts)` × 100."""

    counts: Sequence[int]
    path: str
    moments: list[Position]
    ticks: list[Position]
    now: Position | None
    since: datetime
    most: int
    hours: list[tuple[str, int]]  # the text alternative


def plot(edition: Edition, figures: Figures, moments: Sequence[Moment], *, at: datetime) -> Plot:
    since = edition.starts_at
    until = max(grace_ends_at(edition), since + len(figures.bins) * BIN)
    most = max([*figures.bins, 1])

    def position(instant: datetime, label: str) -> Position:
        return Position(f"{(instant - since) / (until - since) * 100:.2f}", label, instant)

    bins = -(-(until - since) // BIN)
    counts = [*figures.bins, *[0] * (bins - len(figures.bins))]
    return Plot(
        counts=counts,
        path=bars(counts, most),
        moments=[position(m.at, m.label) for m in moments if since < m.at <= until],
        ticks=[position(instant, clock_time(instant)) for instant in _ticks(edition, since, until)],
        now=position(at, clock_time(at)) if since <= at <= until else None,
        since=since,
        most=most,
        hours=_by_hour(since, figures.bins),
    )


def bars(counts: Sequence[int], most: int) -> str:
    """A path in a box of `len(counts)` × 100."""
    return "".join(
        f"M{index} 100v-{max(3, round(count * 100 / most))}h1V100z"
        for index, count in enumerate(counts)
        if count
    )


def _ticks(edition: Edition, since: datetime, until: datetime) -> list[datetime]:
    step = next((h for h in TICK_HOURS if (until - since) / timedelta(hours=h) <= TICKS), 24)
    local = since.astimezone(edition.zone).replace(minute=0, second=0, microsecond=0)
    hours = [
        local + timedelta(hours=n) for n in range(1, (until - since) // timedelta(hours=1) + 1)
    ]
    return [hour for hour in hours if hour.hour % step == 0 and hour < until]


def _by_hour(since: datetime, bins: Sequence[int]) -> list[tuple[str, int]]:
    per_hour = timedelta(hours=1) // BIN
    parts = [bins[start : start + per_hour] for start in range(0, len(bins), per_hour)]
    return [(clock_time(since + n * timedelta(hours=1)), sum(part)) for n, part in enumerate(parts)]
