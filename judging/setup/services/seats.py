"""Who sits in a jury."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from hackathon.accounts.models import User
from hackathon.core import background, journal
from hackathon.core import live as core_live
from hackathon.core.errors import Refusal, Refused, check
from hackathon.editions.models import Department
from hackathon.editions.selectors import is_organizer
from judging import live, locks, tasks
from judging.enums import JurorKind
from judging.jury import rules as jury_rules
from judging.jury.readings import has_plan
from judging.jury.rules import jury_is_closed
from judging.jury.selectors import is_locked
from judging.models import Assignment, Juror, Recusal, Score, ScoreSheet, Signature
from judging.plan import services as assignments
from judging.setup import rules
from judging.setup.services import badges as handover
from submissions.models import Seal
from teams.models import Membership


@dataclass(frozen=True)
class Person:
    """Somebody to seat."""

    email: str
    name: str


@dataclass(frozen=True)
class Badge:
    """What opens a seat on a shared tablet; it exists as long as the page that shows it."""

    juror: Juror
    token: str = field(repr=False)
    pin: str = field(repr=False)


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
    """Seat whoever has this address, or change the seat they have; who had left it is back.

    An unknown address gets an account with `name`; a known one keeps its own. Who is newly seated
    is invited by mail, with `sign_in_url` in it; without one nobody is written to. Where there is
    a plan of who reads whom, it takes in who comes late.
    """
    department = locks.readings(department.pk)
    seat = {"kind": kind, "is_president": is_president}
    juror = _seat(department, Person(email, name), seat, sign_in_url, by=by, at=at)
    assignments.mend(department, by=by, at=at)
    live.jury_changed(department, at=at)
    return juror


@transaction.atomic
def appoint_all(
    *,
    department: Department,
    people: Sequence[Person],
    kind: JurorKind,
    sign_in_url: str,
    by: User,
    at: datetime,
) -> dict[int, Refusal]:
    """Seat all of them, or nobody: what is refused, by index. Who sits already keeps their seat."""
    department = locks.readings(department.pk)
    sitting = Juror.objects.filter(department=department, left_at=None)
    known = {email.casefold() for email in sitting.values_list("user__email", flat=True)}
    seat = {"kind": kind, "is_president": False}
    refused: dict[int, Refusal] = {}
    for index, person in enumerate(people):
        if person.email.casefold() in known:
            continue
        try:
            _seat(department, person, seat, sign_in_url, by=by, at=at)
        except Refused as error:
            refused[index] = error.refusal
    if refused:
        transaction.set_rollback(True)
        return refused
    assignments.mend(department, by=by, at=at)
    live.jury_changed(department, at=at)
    return {}


@transaction.atomic
def leave(*, juror: Juror, by: User, at: datetime) -> Juror:
    """They judge no more: sheets they finished count, others do not, and what is left is given to
    those who stay. Their badge opens nothing any more. Twice is once.
    """
    department = locks.readings(juror.department_id)
    closed = jury_is_closed(department.edition, locked=is_locked(department), at=at)
    organizer = is_organizer(by, department.edition)
    check(jury_rules.change_refusal(organizer=organizer, closed=closed))
    juror = Juror.objects.select_related("user").get(pk=juror.pk)
    if juror.left_at is not None:
        return juror
    juror.left_at, juror.badge, juror.pin = at, "", ""
    juror.save(update_fields=["left_at", "badge", "pin"])
    _changed(department, juror, "juror.left", by=by, at=at)
    return juror


@transaction.atomic
def come_back(*, juror: Juror, by: User, at: datetime) -> Juror:
    """They judge again, with the sheets they had; a badge has to be made anew. Twice is once."""
    department = locks.readings(juror.department_id)
    juror = Juror.objects.select_related("user").get(pk=juror.pk)
    closed = jury_is_closed(department.edition, locked=is_locked(department), at=at)
    in_team = Membership.objects.filter(user=juror.user, team__department=department).exists()
    organizer = is_organizer(by, department.edition)
    check(rules.return_refusal(juror, organizer=organizer, in_team=in_team, closed=closed))
    if juror.left_at is None:
        return juror
    juror.left_at = None
    juror.save(update_fields=["left_at"])
    _changed(department, juror, "juror.returned", by=by, at=at)
    return juror


@transaction.atomic
def dismiss(*, juror: Juror, by: User, at: datetime) -> None:
    """Take the seat away from somebody who has marked nobody."""
    department = locks.readings(juror.department_id)
    sheets = ScoreSheet.objects.filter(juror=juror)
    marked = Exists(Score.objects.filter(sheet=OuterRef("pk"))) | ~Q(comment="") | ~Q(notes="")
    check(
        rules.dismissal_refusal(
            juror,
            organizer=is_organizer(by, department.edition),
            has_marks=sheets.filter(marked).exists(),
            locked=is_locked(department),
            at=at,
        )
    )
    sheets.delete()  # begun and emptied again: nothing is on them
    planned = has_plan(department)
    Assignment.objects.filter(juror=juror).delete()
    Recusal.objects.filter(juror=juror).delete()
    Signature.objects.filter(juror=juror).delete()
    journal.record("juror.dismissed", juror, by=by, at=at, user=juror.user_id)
    live.jury_changed(department, at=at)
    core_live.refresh_rights(juror.user_id)
    juror.delete()
    if planned:
        assignments.mend(department, by=by, at=at)


@transaction.atomic
def issue_badges(
    *, department: Department, jurors: Iterable[Juror], by: User, at: datetime
) -> list[Badge]:
    """A new badge and PIN for each of these; the ones they had open nothing any more.

    They are shown here and never again: what is kept of them is a digest.
    """
    found = []
    for juror in sorted(jurors, key=lambda juror: juror.pk):
        token, pin = handover.issue(juror=juror, by=by, at=at)
        found.append(Badge(juror, token, pin))
    live.jury_changed(department, at=at)
    return sorted(found, key=lambda badge: badge.juror.user.display_name)


def mail_seal(seal: Seal) -> None:
    """Send the seal of a department to everybody in its jury. Inside the seal's transaction."""
    jurors = Juror.objects.seated().filter(department=seal.department)
    for pk in jurors.values_list("pk", flat=True):
        background.enqueue(tasks.mail_seal, seal.pk, pk)


def _seat(
    department: Department,
    person: Person,
    seat: Mapping[str, Any],
    sign_in_url: str,
    *,
    by: User,
    at: datetime,
) -> Juror:
    """Write one seat of a locked jury; `seat` says in what quality. Raises `Refused`."""
    user = User.objects.filter(email__iexact=person.email.strip()).first()
    in_team = Membership.objects.filter(user=user, team__department=department).exists()
    check(
        rules.appointment_refusal(
            department.edition,
            user,
            organizer=is_organizer(by, department.edition),
            in_team=in_team,
            locked=is_locked(department),
            at=at,
        )
    )
    user = user or _account(person.email, person.name)
    juror, is_new = Juror.objects.update_or_create(
        department=department, user=user, defaults={**seat, "left_at": None}
    )
    journal.record(
        "juror.appointed",
        juror,
        by=by,
        at=at,
        kind=str(juror.kind),
        is_president=juror.is_president,
    )
    core_live.refresh_rights(user.pk)
    if is_new and sign_in_url:
        background.enqueue(tasks.invite_juror, juror.pk, sign_in_url)
    return juror


def _changed(department: Department, juror: Juror, act: str, *, by: User, at: datetime) -> None:
    journal.record(act, juror, by=by, at=at, user=juror.user_id)
    assignments.mend(department, by=by, at=at)
    live.jury_changed(department, at=at)
    core_live.refresh_rights(juror.user_id)


def _account(email: str, name: str) -> User:
    """A new account; the one that another request has made in the meantime, if so."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name.strip())
    except IntegrityError:
        return User.objects.get(email__iexact=email.strip())
