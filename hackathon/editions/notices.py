"""When the notices before the deadline are due. Pure, as `rules`: `at` is an argument.

The instant of a notice is the present deadline minus its lead. It is given once for each instant:

* when the deadline moves later, a notice that was given is given again at its new instant;
* when it moves earlier, past the instant of a notice, that notice is not given any more;
* a notice is dropped after `PATIENCE`: a worker that was down for two hours must not publish
  « plus qu’une heure » when no hour is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hackathon.editions.enums import Notice
from hackathon.editions.models import Edition

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
    of: datetime

    @property
    def lead(self) -> timedelta:
        return LEADS[self.notice]


def due_notices(edition: Edition, *, at: datetime) -> Iterator[DueNotice]:
    """The notices whose instant is at most `PATIENCE` ago and not before the launch."""
    for notice, lead in LEADS.items():
        instant = edition.deadline_at - lead
        if edition.starts_at <= instant <= at < instant + PATIENCE:
            yield DueNotice(notice, instant)
