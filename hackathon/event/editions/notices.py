"""When the notices before the deadline are due: the present deadline minus their lead.

A later deadline gives a notice again at its new instant. A notice is dropped after `PATIENCE`:
after two hours without a worker « plus qu’une heure » would be wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hackathon.event.editions.enums import Notice
from hackathon.event.editions.models import Edition

LEADS = {
    Notice.FOUR_HOURS: timedelta(hours=4),
    Notice.ONE_HOUR: timedelta(hours=1),
    Notice.TEN_MINUTES: timedelta(minutes=10),
    Notice.DEADLINE: timedelta(0),
}
PATIENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class DueNotice:
    notice: Notice
    instant: datetime

    @property
    def lead(self) -> timedelta:
        return LEADS[self.notice]


def due_notices(edition: Edition, *, at: datetime) -> Iterator[DueNotice]:
    """Those due for at most `PATIENCE`, and not due before the launch."""
    for notice, lead in LEADS.items():
        instant = edition.deadline_at - lead
        if edition.starts_at <= instant <= at < instant + PATIENCE:
            yield DueNotice(notice, instant)
