"""Who sits in a jury."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from hackathon.accounts.models import User
from hackathon.core import background, journal
from hackathon.core import live as core_live
from hackathon.core.errors import check
from hackathon.editions.models import Department
from hackathon.editions.selectors import is_organizer
from judging import live, rules, tasks
from judging.enums import JurorKind
from judging.models import Juror, Score, ScoreSheet
from judging.selectors import is_locked
from judging.services import locks
from submissions.models import Seal
from teams.models import Membership


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
    """Seat whoever has this address, or change the seat they have.

    An unknown address gets an account with `name`; a known one keeps its own. Who is newly seated
    is invited by mail, with `sign_in_url` in it; without one nobody is written to.
    """
    department = locks.jury(department.pk)
    person = User.objects.filter(email__iexact=email.strip()).first()
    in_team = Membership.objects.filter(user=person, team__department=department).exists()
    check(
        rules.appointment_refusal(
            department.edition,
            person,
            organizer=is_organizer(by, department.edition),
            in_team=in_team,
            locked=is_locked(department),
            at=at,
        )
    )
    person = person or _account(email, name)
    juror, is_new = Juror.objects.update_or_create(
        department=department, user=person, defaults={"kind": kind, "is_president": is_president}
    )
    journal.record(
        "juror.appointed", juror, by=by, at=at, kind=str(kind), is_president=is_president
    )
    live.jury_changed(department, at=at)
    core_live.refresh_rights(person.pk)
    if is_new and sign_in_url:
        background.enqueue(tasks.invite_juror, juror.pk, sign_in_url)
    return juror


@transaction.atomic
def dismiss(*, juror: Juror, by: User, at: datetime) -> None:
    """Take the seat away from somebody who has marked nobody."""
    department = locks.jury(juror.department_id)
    sheets = ScoreSheet.objects.filter(juror=juror)
    marked = Exists(Score.objects.filter(sheet=OuterRef("pk"))) | ~Q(comment="")
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
    journal.record("juror.dismissed", juror, by=by, at=at, user=juror.user_id)
    live.jury_changed(department, at=at)
    core_live.refresh_rights(juror.user_id)
    juror.delete()


def mail_seal(seal: Seal) -> None:
    """Send the seal of a department to everybody in its jury. Inside the seal's transaction."""
    jurors = Juror.objects.seated().filter(department=seal.department)
    for pk in jurors.values_list("pk", flat=True):
        background.enqueue(tasks.mail_seal, seal.pk, pk)


def _account(email: str, name: str) -> User:
    """A new account; the one that another request has made in the meantime, if so."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name.strip())
    except IntegrityError:
        return User.objects.get(email__iexact=email.strip())
