"""When everybody is told how near the deadline is. Pure, as `rules`: `at` is an argument.

A notice belongs to an instant, its lead before the deadline as that stands now, and is given once
for each instant:

* a deadline that moves later: the notice of the new instant is given, also if that of the former
  one was;
* one that moves earlier, past the instant of a notice: that one is not given any more. People hear
  of the move itself, and of the notices that are still to come;
* whoever comes later than `PATIENCE` is silent: a worker that was away for two hours does not say
  « plus qu'une heure » to people who have none left.
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
    """A notice and its instant."""

    notice: Notice
    of: datetime

    @property
    def lead(self) -> timedelta:
        """How long before the deadline it is given."""
        return LEADS[self.notice]


def due_notices(edition: Edition, *, at: datetime) -> Iterator[DueNotice]:
    """The notices whose instant has just come. None from before the launch."""
    for notice, lead in LEADS.items():
        instant = edition.deadline_at - lead
        if edition.starts_at <= instant <= at < instant + PATIENCE:
            yield DueNotice(notice, instant)
