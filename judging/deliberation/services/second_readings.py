import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import Refused, check, refuse
from hackathon.editions.models import Department
from judging import live, locks
from judging.deliberation import rules
from judging.deliberation.selectors.proposed_readings import proposal_of
from judging.enums import ReadingKind
from judging.errors import JudgingRefusal
from judging.jury.selectors import is_locked, is_president
from judging.models import Assignment, Juror
from judging.ranking.selectors import DepartmentRanking, ranking_of
from teams.models import Team


@dataclass(frozen=True)
class Proposal:
    """`digest` identifies the readings."""

    readings: list[tuple[Juror, Team]]
    ranking: DepartmentRanking
    digest: str


def propose(*, department: Department, by: User, at: datetime) -> Proposal:
    """Writes nothing. Raises `Refused`."""
    ranking = ranking_of(department)
    check(
        rules.deliberation_refusal(
            department.edition,
            president=is_president(by, department),
            locked=is_locked(department),
            final_sheets=ranking.sheets,
            at=at,
        )
    )
    proposal = proposal_of(department, ranking)
    check(rules.second_reading_refusal(leaders=len(ranking.undecided), proposed=len(proposal)))
    pairs = ",".join(f"{juror.pk}-{team.pk}" for juror, team in proposal)
    return Proposal(proposal, ranking, hashlib.sha256(pairs.encode()).hexdigest())


@transaction.atomic
def assign(*, department: Department, seen: str, by: User, at: datetime) -> int:
    """Returns the number of readings. Locks the jury. Refused if the digest is not `seen`.

    The journal has no teams: they are the leaders, which organizers must not know.
    """
    department = locks.jury(department.pk)
    current = propose(department=department, by=by, at=at)
    if current.digest != seen:
        raise Refused(refuse(JudgingRefusal.READINGS_CHANGED))
    proposal = current.readings
    jurors = {juror.pk for juror, _team in proposal}
    # After everything that these jurors have to read already.
    last = dict(
        Assignment.objects.filter(juror__in=jurors)
        .order_by()
        .values_list("juror_id")
        .annotate(last=Max("position"))
    )
    for juror, team in proposal:
        last[juror.pk] = last.get(juror.pk, -1) + 1
        Assignment.objects.create(
            juror=juror, team=team, position=last[juror.pk], kind=ReadingKind.SECOND
        )
    journal.record("readings.assigned", department, by=by, at=at, readings=len(proposal))
    live.jury_changed(department, at=at)
    return len(proposal)
