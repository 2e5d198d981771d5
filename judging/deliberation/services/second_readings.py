import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import Refused, check, refuse
from hackathon.editions.models import Department
from judging import live, locks
from judging.deliberation import rules
from judging.deliberation.selectors.progress_report import proposal_of
from judging.enums import ReadingKind
from judging.errors import JudgingRefusal
from judging.jury.selectors import is_locked, is_president
from judging.models import Assignment, Juror
from judging.ranking.selectors import ranking_of
from teams.models import Team

type Proposal = list[tuple[Juror, Team]]


def propose(*, department: Department, by: User, at: datetime) -> tuple[Proposal, str]:
    """Also returns a digest of the proposal. Writes nothing. Raises `Refused`."""
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
    leaders = ranking.leading
    proposal = proposal_of(department, leaders)
    check(
        rules.second_reading_refusal(
            department.edition, leaders=len(leaders), proposed=len(proposal)
        )
    )
    pairs = ",".join(f"{juror.pk}-{team.pk}" for juror, team in proposal)
    return proposal, hashlib.sha256(pairs.encode()).hexdigest()


@transaction.atomic
def assign(*, department: Department, seen: str, by: User, at: datetime) -> int:
    """Returns the number of readings. Locks the jury. Refused if the digest is not `seen`.

    The journal has no teams: they are the leaders, which organizers must not know.
    """
    department = locks.jury(department.pk)
    proposal, digest = propose(department=department, by=by, at=at)
    if digest != seen:
        raise Refused(refuse(JudgingRefusal.READINGS_CHANGED))
    jurors = {juror.pk for juror, _team in proposal}
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
