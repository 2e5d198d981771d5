from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.base.core import background, journal
from hackathon.base.core.errors import check
from hackathon.base.live.messages import refresh_rights
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from judging import live, locks, tasks
from judging.enums import JurorKind
from judging.jury.readings import has_plan, is_written
from judging.jury.rules import change_refusal
from judging.jury.selectors import is_closed, never_came, valid_badges
from judging.models import Assignment, Juror, Recusal, ScoreSheet, Signature
from judging.plan import services as plans
from judging.setup import rules
from submissions.models import Seal
from teams.models import Membership

# Two organizers, or one who taps twice, must not mail everybody twice.
PAUSE = timedelta(minutes=10)


@transaction.atomic
def appoint(
    *,
    department: Department,
    email: str,
    name: str = "",
    kind: JurorKind = JurorKind.TEACHER,
    is_president: bool = False,
    sign_in_url: str = "",
    by: User,
    at: datetime,
) -> Juror:
    """Creates missing accounts. New jurors are invited if there is a `sign_in_url`."""
    department = locks.readings(department.pk)
    user = User.objects.filter(email__iexact=email.strip()).first()
    check(
        rules.appointment_refusal(
            user,
            organizer=is_organizer(by, department.edition),
            in_team=user is not None and _is_in_team(user, department),
            closed=is_closed(department, at=at),
        )
    )
    user = user or accounts.account_of(email, name)
    fields = {"kind": kind, "is_president": is_president, "left_at": None}
    juror, is_new = Juror.objects.update_or_create(
        department=department,
        user=user,
        defaults=fields,
        create_defaults={**fields, "seated_at": at},
    )
    journal.record(
        "juror.appointed",
        juror,
        by=by,
        at=at,
        kind=str(juror.kind),
        is_president=juror.is_president,
    )
    refresh_rights(user.pk)
    if is_new and sign_in_url:
        background.enqueue(tasks.invite_juror, juror.pk, sign_in_url)
    plans.repair(department, by=by, at=at)
    live.jury_changed(department, at=at)
    return juror


@transaction.atomic
def leave(*, juror: Juror, by: User, at: datetime) -> Juror:
    """Finished sheets count; the plan gives the rest to others. The badge stops working."""
    department = locks.readings(juror.department_id)
    organizer = is_organizer(by, department.edition)
    check(change_refusal(organizer=organizer, closed=is_closed(department, at=at)))
    juror = Juror.objects.select_related("user").get(pk=juror.pk)
    if juror.left_at is not None:
        return juror
    juror.left_at = at
    juror.save(update_fields=["left_at"])
    valid_badges(juror).update(voided_at=at)
    _changed(department, juror, "juror.left", by=by, at=at)
    return juror


@transaction.atomic
def come_back(*, juror: Juror, by: User, at: datetime) -> Juror:
    """The juror has their former sheets and no badge."""
    department = locks.readings(juror.department_id)
    juror = Juror.objects.select_related("user").get(pk=juror.pk)
    check(
        rules.return_refusal(
            juror,
            organizer=is_organizer(by, department.edition),
            in_team=_is_in_team(juror.user, department),
            closed=is_closed(department, at=at),
        )
    )
    if juror.left_at is None:
        return juror
    juror.left_at = None
    juror.save(update_fields=["left_at"])
    _changed(department, juror, "juror.returned", by=by, at=at)
    return juror


@transaction.atomic
def dismiss(*, juror: Juror, by: User, at: datetime) -> None:
    """Refused if the juror has marked."""
    department = locks.readings(juror.department_id)
    sheets = ScoreSheet.objects.filter(juror=juror)
    check(
        rules.dismissal_refusal(
            juror,
            organizer=is_organizer(by, department.edition),
            has_marks=sheets.filter(is_written()).exists(),
            closed=is_closed(department, at=at),
        )
    )
    sheets.delete()  # empty ones
    planned = has_plan(department)
    Assignment.objects.filter(juror=juror).delete()
    Recusal.objects.filter(juror=juror).delete()
    Signature.objects.filter(juror=juror).delete()
    journal.record("juror.dismissed", juror, by=by, at=at, user=juror.user_id)
    live.jury_changed(department, at=at)
    refresh_rights(juror.user_id)
    juror.delete()
    if planned:
        plans.repair(department, by=by, at=at)


@transaction.atomic
def invite(*, department: Department, sign_in_url: str, by: User, at: datetime) -> int:
    """Mails the jurors who never came, if that was not done within `PAUSE`. Returns how many."""
    department = locks.jury(department.pk)
    check(change_refusal(organizer=is_organizer(by, department.edition), closed=False))
    pks = [juror.pk for juror in never_came(department)]
    if not pks or journal.was_recorded("jurors.invited", department, since=at - PAUSE):
        return 0
    journal.record("jurors.invited", department, by=by, at=at, n=len(pks))
    for pk in pks:
        background.enqueue(tasks.invite_juror, pk, sign_in_url)
    return len(pks)


def copy(*, source: Edition, department_map: Mapping[int, Department], at: datetime) -> None:
    """`department_map` is by the id of the source. Without badges; nobody is invited."""
    seated = Juror.objects.seated().filter(department__edition=source)
    Juror.objects.bulk_create(
        Juror(
            department=department_map[juror.department_id],
            user_id=juror.user_id,
            kind=juror.kind,
            is_president=juror.is_president,
            seated_at=at,
        )
        for juror in seated
        if juror.department_id in department_map
    )


def mail_seal(seal: Seal) -> None:
    """Called inside the transaction that makes the seal."""
    jurors = Juror.objects.seated().filter(department=seal.department)
    for pk in jurors.values_list("pk", flat=True):
        background.enqueue(tasks.mail_seal, seal.pk, pk)


def _changed(department: Department, juror: Juror, act: str, *, by: User, at: datetime) -> None:
    journal.record(act, juror, by=by, at=at, user=juror.user_id)
    plans.repair(department, by=by, at=at)
    live.jury_changed(department, at=at)
    refresh_rights(juror.user_id)


def _is_in_team(user: User, department: Department) -> bool:
    return Membership.objects.filter(user=user, team__department=department).exists()
