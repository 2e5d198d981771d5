"""Reasons are not in the journal: only organizers, the president and the juror may read them."""

from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.base.live.messages import refresh_rights
from hackathon.event.editions.models import Department
from hackathon.event.editions.selectors import is_organizer
from judging import live, locks
from judging.jury.selectors import is_closed
from judging.models import Juror, Recusal
from judging.plan import services as plans
from judging.setup import rules
from teams.models import Team


@transaction.atomic
def make(*, juror: Juror, team: Team, reason: str, by: User, at: datetime) -> Recusal:
    """The juror's sheet of the team stays and does not count."""
    department = locks.readings(juror.department_id, of=team)
    reason = " ".join(reason.split())
    check(
        rules.recusal_refusal(
            juror,
            team,
            reason=reason,
            organizer=is_organizer(by, department.edition),
            themself=juror.user_id == by.pk and juror.left_at is None,
            closed=is_closed(department, at=at),
        )
    )
    recusal, is_new = Recusal.objects.get_or_create(
        juror=juror, team=team, defaults={"reason": reason, "made_at": at, "made_by": by}
    )
    if is_new:
        _changed(department, recusal, "recusal.made", by=by, at=at)
    return recusal


@transaction.atomic
def withdraw(*, recusal: Recusal, by: User, at: datetime) -> None:
    juror = recusal.juror
    department = locks.readings(juror.department_id)
    check(
        rules.withdrawal_refusal(
            recusal,
            by_pk=by.pk,
            organizer=is_organizer(by, department.edition),
            themself=juror.user_id == by.pk and juror.left_at is None,
            closed=is_closed(department, at=at),
        )
    )
    if not Recusal.objects.filter(pk=recusal.pk).exists():
        return
    Recusal.objects.filter(pk=recusal.pk).delete()
    _changed(department, recusal, "recusal.withdrawn", by=by, at=at)


def _changed(department: Department, recusal: Recusal, act: str, *, by: User, at: datetime) -> None:
    journal.record(act, recusal, by=by, at=at, juror=recusal.juror_id, team=recusal.team_id)
    plans.repair(department, by=by, at=at)
    live.jury_changed(department, at=at)
    refresh_rights(recusal.juror.user_id)
