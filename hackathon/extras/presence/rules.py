from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.models import Edition
from hackathon.extras.presence.enums import TickKind
from hackathon.extras.presence.errors import PresenceRefusal
from hackathon.extras.presence.models import Moment, Tick

OPENS_BEFORE = timedelta(hours=1)  # a moment
CLOSES_AFTER = timedelta(hours=12)  # the last one. Not the deadline: pages would ask when it moves
OLDEST = timedelta(hours=24)  # a tick, before its moment; more is a wrong clock


@dataclass(frozen=True)
class Status:
    """Of a person at a moment. `by`: a user, who has noted the arrival."""

    said_at: datetime | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    by: int | None = None

    @property
    def state(self) -> TickKind:
        if self.left_at:
            return TickKind.LEFT
        if self.arrived_at:
            return TickKind.HERE
        return TickKind.SAID if self.said_at else TickKind.UNDONE


NOTHING = Status()


def status_of(ticks: Iterable[Tick]) -> Status:
    """Of all ticks of a person at a moment, in any order. The latest one decides on the state; of
    several that say that the person is here the earliest instant counts. One who leaves and comes
    back keeps the first arrival.
    """
    status = NOTHING
    for tick in sorted(ticks, key=lambda one: (one.made_at, one.pk)):
        said, arrived, by = status.said_at, status.arrived_at, status.by
        left = None
        if tick.kind == TickKind.UNDONE:
            said = arrived = by = None
        elif tick.kind == TickKind.SAID:
            said, left = said or tick.seen_at, status.left_at
        else:
            if arrived is None or (tick.seen_at < arrived and tick.kind == TickKind.HERE):
                arrived, by = tick.seen_at, tick.made_by_id
            left = tick.seen_at if tick.kind == TickKind.LEFT else None
        status = Status(said, arrived, left, by)
    return status


def open_moment(moments: Sequence[Moment], *, at: datetime) -> Moment | None:
    """In which people may say that they are here: until the next one opens."""
    if not moments[0].at - OPENS_BEFORE <= at < moments[-1].at + CLOSES_AFTER:
        return None
    return current_moment(moments, at=at)


def current_moment(moments: Sequence[Moment], *, at: datetime) -> Moment:
    """The latest one that has opened, or else the first."""
    opened = [moment for moment in moments if at >= moment.at - OPENS_BEFORE]
    return opened[-1] if opened else moments[0]


def seen_at(clock: time | None, made_at: datetime, moment: Moment, *, edition: Edition) -> datetime:
    """`clock`: what is written on paper, on the day of the moment."""
    if clock is None:
        return made_at
    day = moment.at.astimezone(edition.zone).date()
    return datetime.combine(day, clock, edition.zone)


def bounded(made_at: datetime, moment: Moment, *, at: datetime) -> datetime:
    return min(max(made_at, moment.at - OLDEST), at)


def tick_refusal(*, is_listed: bool, moment: Moment | None) -> Refusal | None:
    if not is_listed:
        return refuse(PresenceRefusal.NOT_LISTED)
    return None if moment else refuse(PresenceRefusal.MOMENT_GONE)


def own_refusal(moment: Moment | None, *, is_listed: bool) -> Refusal | None:
    if not is_listed:
        return refuse(PresenceRefusal.NOT_LISTED)
    return None if moment else refuse(PresenceRefusal.NOT_NOW)


def moment_refusal(moment: Moment, *, is_used: bool) -> Refusal | None:
    """Whether it may be deleted."""
    return refuse(PresenceRefusal.MOMENT_USED, name=moment.name) if is_used else None


def absences_refusal(
    moments: Sequence[Moment], *, anybody_seen: bool, at: datetime
) -> Refusal | None:
    if not anybody_seen:
        return refuse(PresenceRefusal.NOTHING_TICKED)
    return refuse(PresenceRefusal.NOT_OVER) if at < moments[-1].at else None
