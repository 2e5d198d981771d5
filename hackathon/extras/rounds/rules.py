from collections.abc import Iterable
from datetime import datetime, timedelta

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.formats import clock_time
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import day_and_time
from hackathon.extras.rounds.errors import CheckInRefusal
from hackathon.extras.rounds.models import CheckIn

# Two questions: a second organizer who asks at once does not take the answers of the first away.
APART = timedelta(minutes=15)
# How long filling in the form may take.
TYPING = timedelta(minutes=1)


def last_asked(check_ins: Iterable[CheckIn], *, at: datetime) -> CheckIn | None:
    asked = [check_in for check_in in check_ins if check_in.asks_at <= at]
    return max(asked, key=lambda check_in: check_in.asks_at, default=None)


def takes_answers(edition: Edition, *, at: datetime) -> bool:
    return at <= edition.deadline_at


def asking_refusal(
    edition: Edition, asks_at: datetime, others: Iterable[CheckIn], *, at: datetime
) -> Refusal | None:
    """`others`: those that are not cancelled."""
    if asks_at < at - TYPING:
        return refuse(CheckInRefusal.PAST)
    starts, ends = edition.starts_at, edition.deadline_at
    if not starts <= asks_at <= ends:
        return refuse(
            CheckInRefusal.NOT_IN_DAY,
            starts=day_and_time(starts, edition),
            ends=day_and_time(ends, edition),
        )
    for other in others:
        if abs(other.asks_at - asks_at) < APART:
            return refuse(
                CheckInRefusal.TOO_CLOSE,
                time=clock_time(other.asks_at, edition.zone),
                minutes=int(APART.total_seconds()) // 60,
            )
    return None


def cancelling_refusal(check_in: CheckIn) -> Refusal | None:
    return refuse(CheckInRefusal.CANCELLED) if check_in.cancelled_at else None


def answering_refusal(
    check_in: CheckIn, standing: Iterable[CheckIn], edition: Edition, *, at: datetime
) -> Refusal | None:
    """An answer can be changed until the next question, or the deadline."""
    if takes_answers(edition, at=at) and last_asked(standing, at=at) == check_in:
        return None
    return refuse(CheckInRefusal.CLOSED)
