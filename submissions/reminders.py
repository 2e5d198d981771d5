"""Who has handed in nothing when few minutes are left. Each team has a deadline of its own, and so
may a deliverable.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from hackathon.event.editions.models import Edition
from submissions.board import in_state
from submissions.enums import ProgressState
from submissions.models import Deliverable
from submissions.versions.progress import progress_of
from submissions.versions.rules import deposit_period
from submissions.versions.selectors import extensions_of
from teams.models import Team

LEADS = (30, 10)  # minutes
# A worker that was down says nothing that is wrong by now.
PATIENCE = timedelta(minutes=1)


def due(edition: Edition, *, at: datetime) -> Iterator[tuple[int, datetime, int | None]]:
    """A lead in minutes, the deadline, and the id of the deliverable that it is of, None: of the
    edition. Two queries.
    """
    delays = {(e.deliverable_id, e.minutes) for e in extensions_of(edition).filter(revoked_at=None)}
    own = Deliverable.objects.filter(department__edition=edition, due_at__isnull=False)
    for deliverable in (None, *own.filter(required=True)):
        period = deposit_period(edition, [], deliverable)
        pk = deliverable.pk if deliverable is not None else None
        for delay in {0, *(minutes for of, minutes in delays if of == pk)}:
            deadline = period.deadline_at + timedelta(minutes=delay)
            for lead in LEADS:
                instant = deadline - timedelta(minutes=lead)
                if period.opens_at <= instant <= at < instant + PATIENCE:
                    yield lead, deadline, pk


def silent_teams(
    edition: Edition, deadline: datetime, deliverable_pk: int | None = None
) -> list[Team]:
    """Those present that must hand in something by then, and have handed in nothing; or not the
    deliverable that has this deadline of its own.
    """
    if deliverable_pk is not None:
        return [
            progress.team
            for progress in progress_of(edition)
            if progress.team.absent_at is None
            and any(
                (own.deliverable.pk, own.deadline_at) == (deliverable_pk, deadline)
                and not own.is_received
                for own in progress.own
            )
        ]
    return [
        silent.team
        for silent in in_state(progress_of(edition), ProgressState.NOTHING)
        if silent.required
        and edition.deadline_at + timedelta(minutes=silent.delay_minutes) == deadline
    ]
