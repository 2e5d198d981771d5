import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.event.editions.models import Department
from judging import live, locks
from judging.deliberation import rules
from judging.deliberation.selectors.proposed_readings import ProposedReading, proposal_of
from judging.errors import JudgingRefusal
from judging.jury.selectors import is_locked, is_president
from judging.models import Assignment
from judging.plan.services import add_second_reading
from judging.ranking.results import DepartmentRanking
from judging.ranking.selectors import ranking_of


@dataclass(frozen=True)
class Proposal:
    """`digest` identifies the reading."""

    reading: ProposedReading
    ranking: DepartmentRanking
    digest: str


def propose(*, department: Department, by: User, at: datetime) -> Proposal:
    """Writes nothing. Raises `Refused`."""
    ranking = ranking_of(department)
    check(
        rules.deliberation_refusal(
            department,
            president=is_president(by, department),
            locked=is_locked(department),
            final_sheets=ranking.sheets,
            at=at,
        )
    )
    leaders = len(ranking.undecided)
    reading = proposal_of(department, ranking, at=at) if leaders > 1 else None
    if reading is None:
        raise Refused(rules.second_reading_refusal(leaders=leaders))
    pair = f"{reading.juror.pk}-{reading.team.pk}"
    return Proposal(reading, ranking, hashlib.sha256(pair.encode()).hexdigest())


@transaction.atomic
def assign(*, department: Department, seen: str, by: User, at: datetime) -> Assignment:
    """Locks the jury. Refused if the digest is not `seen`.

    The journal has no team: it is a leader, which organizers must not know.
    """
    department = locks.jury(department.pk)
    current = propose(department=department, by=by, at=at)
    if current.digest != seen:
        raise Refused(refuse(JudgingRefusal.READINGS_CHANGED))
    row = add_second_reading(current.reading.juror, current.reading.team)
    journal.record("readings.assigned", department, by=by, at=at, readings=1)
    live.jury_changed(department, at=at)
    return row
