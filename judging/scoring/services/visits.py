"""What a tablet sends beside the changes of sheets: skipped teams, flags, pauses, the own order."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.dateparse import parse_datetime

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from judging import live, locks
from judging.enums import SkipReason, VisitKind
from judging.errors import JudgingRefusal
from judging.jury.readings import is_judged_by
from judging.jury.selectors import is_locked
from judging.models import Flag, Juror, Skip
from judging.scoring import rules
from judging.scoring.changes import Outcome, Result, SentVisit, Visit
from teams.models import Team

LONGEST_PAUSE = timedelta(hours=4)
FLAG_CHARS = Flag._meta.get_field("text").max_length or 0
UNREADABLE = refuse(JudgingRefusal.CHANGE_UNREADABLE)


def write_changes(
    *, by: User, edition: Edition | None, changes: Sequence[SentVisit], at: datetime
) -> list[Result]:
    """Each in its own transaction. `version` of a result: milliseconds of the server's clock, which
    pages have too.
    """
    of_edition = Team.objects.filter(edition=edition).select_related("department__edition")
    teams = of_edition.in_bulk({sent.team for sent in changes})
    return [_result(sent, teams.get(sent.team), edition, by, at) for sent in changes]


def _result(
    sent: SentVisit, team: Team | None, edition: Edition | None, by: User, at: datetime
) -> Result:
    try:
        write(sent.visit, team=team, edition=edition, by=by, at=at)
    except Refused as error:
        return Result(sent.key, Outcome.REFUSED, refusal=error.refusal)
    return Result(sent.key, Outcome.ACCEPTED, int(at.timestamp() * 1000))


@transaction.atomic
def write(
    visit: Visit, *, team: Team | None, edition: Edition | None, by: User, at: datetime
) -> None:
    """Raises `Refused`. Written again, it changes nothing."""
    departments = Department.objects.select_related("edition").filter(edition=edition)
    department = team.department if team else departments.filter(pk=visit.department).first()
    # Before the seat, in the order of `judging.locks`.
    if department is not None and visit.kind == VisitKind.JURY_PAUSE:
        department = locks.jury(department.pk)
    seat = locks.seat_of(by, department) if department else None
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    if visit.kind in (VisitKind.PAUSE, VisitKind.JURY_PAUSE):
        _pause(seat, visit, at)
    elif visit.kind == VisitKind.ORDER:
        _arrange(seat, visit)
    elif team is None:
        raise Refused(UNREADABLE)
    elif visit.kind == VisitKind.SKIP:
        _skip(seat, team, visit, at)
    else:
        _flag(seat, team, visit, at)


@transaction.atomic
def close_flag(*, flag: Flag, by: User, at: datetime) -> None:
    flag = (
        Flag.objects.select_for_update(of=("self",))
        .select_related("juror__department__edition")
        .get(pk=flag.pk)
    )
    department = flag.juror.department
    check(rules.flag_refusal(organizer=is_organizer(by, department.edition)))
    if flag.closed_at is not None:
        return
    flag.closed_at, flag.closed_by = at, by
    flag.save(update_fields=["closed_at", "closed_by"])
    journal.record("flag.closed", flag, by=by, at=at, juror=flag.juror_id, team=flag.team_id)
    live.jury_changed(department, at=at)


def _skip(seat: Juror, team: Team, visit: Visit, at: datetime) -> None:
    """A change that was made before the last one and comes late changes nothing."""
    if visit.value not in ("", *SkipReason.values):
        raise Refused(UNREADABLE)
    locked = is_locked(seat.department)
    check(rules.scoring_refusal(seat, team, by=seat.user, locked=locked, at=at))
    check(rules.reading_refusal(reads=is_judged_by(seat, team.pk)))
    made_at = rules.bounded(visit.given_at, seat.department.edition, at=at)
    # By the instants of the device: it may send an old change after a newer one of another device.
    row = Skip.objects.filter(juror=seat, team=team).first()
    row = row or Skip(juror=seat, team=team, changed_at=made_at)
    if row.changed_at > made_at or row.reason == visit.value:
        return
    act = "skip.made" if visit.value else "skip.withdrawn"
    row.reason, row.changed_at = visit.value, made_at
    row.save()
    journal.record(act, row, by=seat.user, at=at, juror=seat.pk, team=team.pk)
    live.jury_changed(seat.department, at=at)


def _flag(seat: Juror, team: Team, visit: Visit, at: datetime) -> None:
    text = " ".join(visit.value.split())
    if not 0 < len(text) <= FLAG_CHARS:
        raise Refused(UNREADABLE)
    values = {"team": team, "text": text, "raised_at": at}
    flag, is_new = Flag.objects.get_or_create(juror=seat, key=visit.key, defaults=values)
    if is_new:
        journal.record("flag.raised", flag, by=seat.user, at=at, juror=seat.pk, team=team.pk)
        live.jury_changed(seat.department, at=at)


def _pause(seat: Juror, visit: Visit, at: datetime) -> None:
    until = _until(visit.value, at)
    whole = visit.kind == VisitKind.JURY_PAUSE
    if whole and not seat.is_president:
        raise Refused(refuse(JudgingRefusal.NOT_PRESIDENT))
    seats = Juror.objects.seated().filter(department=seat.department_id)
    if not whole:
        seats = seats.filter(pk=seat.pk)
    # One statement: the rows of other jurors are locked by their requests, and waited for.
    if seats.order_by().exclude(paused_until=until).update(paused_until=until) == 0:
        return
    noun, target = ("jury", seat.department) if whole else ("juror", seat)
    detail = {"until_at": until.isoformat()} if until else {}
    act = f"{noun}.paused" if until else f"{noun}.resumed"
    journal.record(act, target, by=seat.user, at=at, **detail)
    live.jury_changed(seat.department, at=at)


def _until(value: str, at: datetime) -> datetime | None:
    if not value:
        return None
    try:
        until = parse_datetime(value)
    except ValueError as error:
        raise Refused(UNREADABLE) from error
    if until is None or until.tzinfo is None:
        raise Refused(UNREADABLE)
    return min(until, at + LONGEST_PAUSE)


def _arrange(seat: Juror, visit: Visit) -> None:
    """Only the juror sees it: there is no live message and no entry in the journal."""
    parts = visit.value.split(",") if visit.value else []
    if not all(part.isdecimal() and len(part) < 10 for part in parts):
        raise Refused(UNREADABLE)
    seat.own_order = list(dict.fromkeys(int(part) for part in parts))
    seat.save(update_fields=["own_order"])
