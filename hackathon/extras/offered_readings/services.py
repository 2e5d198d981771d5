"""A juror who has finished accepts or declines one more reading."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.extras.offered_readings.errors import OfferRefusal
from hackathon.extras.offered_readings.models import Offering
from hackathon.extras.offered_readings.selectors import offered_team
from judging import live, locks
from judging.enums import ReadingKind, SheetState, SkipReason
from judging.errors import JudgingRefusal
from judging.jury.rules import open_refusal
from judging.jury.selectors import is_closed, is_locked, is_president
from judging.models import Juror, ScoreSheet, Skip
from judging.plan.services import add_second_reading
from judging.setup.rules import procedure_refusal
from teams.models import Team


@transaction.atomic
def accept(*, juror: Juror, by: User, at: datetime) -> Team:
    """Returns the team to read: the one that is most useful now, which need not be the one that the
    page showed. Locks the jury: of two who accept at once, the second one finds the reading of the
    first. Accepted again, it returns the reading that is not finished.
    """
    seat = _locked_seat(juror, by, at)
    if pending := _pending(seat):
        return pending
    team = offered_team(seat, at=at)
    if team is None:
        raise Refused(refuse(OfferRefusal.NOTHING_OFFERED))
    add_second_reading(seat, team)
    # Without the team: organizers must not know which readings settle most.
    journal.record("reading.accepted", seat.department, by=by, at=at)
    live.jury_changed(seat.department, at=at)
    return team


@transaction.atomic
def decline(*, juror: Juror, team_pk: int, by: User, at: datetime) -> None:
    """Stores a `Skip` with the reason « later », which the president sees. Does nothing if this
    team is not offered any more.
    """
    seat = _locked_seat(juror, by, at)
    team = offered_team(seat, at=at)
    if team is None or team.pk != team_pk:
        return
    values = {"reason": SkipReason.LATER, "changed_at": at}
    Skip.objects.update_or_create(juror=seat, team=team, defaults=values)
    live.jury_changed(seat.department, at=at)


@transaction.atomic
def switch(*, department: Department, offers: bool, by: User, at: datetime) -> None:
    """At any time: no planned reading is changed by it. Locks the jury."""
    department = locks.jury(department.pk)
    allowed = is_president(by, department) or is_organizer(by, department.edition)
    check(procedure_refusal(allowed=allowed, closed=is_closed(department, at=at)))
    rows = Offering.objects.filter(department=department)
    if rows.exists() == offers:
        return
    if offers:
        Offering.objects.create(department=department)
    else:
        rows.delete()
    act = "readings.offered" if offers else "readings.withheld"
    journal.record(act, department, by=by, at=at)
    live.jury_changed(department, at=at)


@transaction.atomic
def copy(*, source: Edition, department_map: Mapping[int, Department]) -> None:
    """`department_map` is by the id of the source."""
    for row in Offering.objects.filter(department__edition=source):
        if target := department_map.get(row.department_id):
            Offering.objects.get_or_create(department=target)


def _locked_seat(juror: Juror, by: User, at: datetime) -> Juror:
    """Locks the teams, so that none is dissolved meanwhile, and the jury. Raises `Refused` if `by`
    is not this juror, or if the jury is not open.
    """
    department = locks.readings(juror.department_id)
    seat = Juror.objects.seated().filter(pk=juror.pk, user=by).first()
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    check(open_refusal(department, locked=is_locked(department), at=at))
    seat.user, seat.department = by, department
    return seat


def _pending(seat: Juror) -> Team | None:
    finished = ScoreSheet.objects.filter(juror=seat, state=SheetState.FINAL)
    rows = seat.assignments.filter(kind=ReadingKind.SECOND, team__absent_at=None)
    rows = rows.exclude(team__in=finished.values("team")).exclude(team__recusals__juror=seat)
    row = rows.select_related("team").first()
    return row.team if row else None
