"""Who has handed in nothing when few minutes are left. Each team has a deadline of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from hackathon.editions.models import Edition
from submissions.board import in_state
from submissions.deposits.progress import progress_of
from submissions.deposits.selectors import extensions_of
from submissions.enums import ProgressState
from teams.models import Team

LEADS = (30, 10)  # minutes
# A worker that was down says nothing that is wrong by now.
PATIENCE = timedelta(minutes=1)


def due(edition: Edition, *, at: datetime) -> Iterator[tuple[int, datetime]]:
    """A lead in minutes, and the deadline. One query."""
    delays = extensions_of(edition).filter(revoked_at=None).values_list("minutes", flat=True)
    for delay in {0, *delays}:
        deadline = edition.deadline_at + timedelta(minutes=delay)
        for lead in LEADS:
            instant = deadline - timedelta(minutes=lead)
            if edition.starts_at <= instant <= at < instant + PATIENCE:
                yield lead, deadline


def silent_teams(edition: Edition, deadline: datetime) -> list[Team]:
    """Those present that must hand in something by then, and have handed in nothing."""
    return [
        silent.team
        for silent in in_state(progress_of(edition), ProgressState.NOTHING)
        if silent.required
        and edition.deadline_at + timedelta(minutes=silent.delay_minutes) == deadline
    ]
