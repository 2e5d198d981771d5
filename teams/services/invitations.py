from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core import background, journal
from hackathon.base.core.errors import check
from hackathon.base.core.mail_tasks import MAIL_DELAY
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services.guard import lock_for
from teams import rules, tasks
from teams.enums import StudentFilter
from teams.models import Student
from teams.models.team import StudentQuerySet
from teams.selectors.students import to_invite


@transaction.atomic
def invite(
    *,
    edition: Edition,
    which: StudentFilter,
    department: Department | None,
    by: User,
    at: datetime,
) -> int:
    """The students of `to_invite` get an e-mail after `MAIL_DELAY`. Returns how many."""
    edition = lock_for(by, edition.pk)
    students = to_invite(edition, department=department, which=which, at=at)
    pks = list(students.values_list("pk", flat=True))
    if not pks:
        return 0
    Student.objects.filter(pk__in=pks).update(mail_at=at + MAIL_DELAY)
    code = department.code if department else None
    journal.record(
        "students.invited", edition, by=by, at=at, n=len(pks), which=str(which), department=code
    )
    return len(pks)


@transaction.atomic
def call_off(*, edition: Edition, by: User, at: datetime) -> None:
    """Stops the invitations that have not left. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    pks = _locked(Student.objects.filter(edition=edition).waiting())
    check(rules.call_off_refusal(waiting=len(pks)))
    Student.objects.filter(pk__in=pks).update(mail_at=None)
    journal.record("students.called_off", edition, by=by, at=at, n=len(pks))


@transaction.atomic
def send_due(*, at: datetime) -> None:
    """Each invitation leaves once, or is called off: both lock the same rows."""
    pks = _locked(Student.objects.filter(mail_at__lte=at))
    Student.objects.filter(pk__in=pks).update(mail_at=None, invited_at=at)
    sign_in_url = settings.SITE_URL + reverse("account_login")
    for pk in pks:
        background.enqueue(tasks.invite_student, pk, sign_in_url)


def _locked(students: StudentQuerySet) -> list[int]:
    # In the order of the primary keys, to avoid deadlocks.
    locked = students.order_by("pk").select_for_update(no_key=True)
    return list(locked.values_list("pk", flat=True))
