from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from hackathon.accounts.models import User
from hackathon.core import background, journal
from hackathon.editions.models import Department, Edition
from hackathon.editions.services.guard import lock_for
from teams import tasks
from teams.enums import StudentFilter
from teams.models import Student
from teams.selectors.students import students_of

# Two organizers, or one who taps twice, must not mail everybody twice.
PAUSE = timedelta(minutes=10)


@transaction.atomic
def invite(
    *,
    edition: Edition,
    which: StudentFilter,
    department: Department | None,
    sign_in_url: str,
    by: User,
    at: datetime,
) -> int:
    """Mails the students of the filter who were not mailed within `PAUSE`. Returns how many."""
    edition = lock_for(by, edition.pk)
    students = students_of(edition, department=department, which=which)
    students = students.filter(Q(invited_at__isnull=True) | Q(invited_at__lt=at - PAUSE))
    pks = list(students.filter(user__is_active=True).values_list("pk", flat=True))
    if not pks:
        return 0
    Student.objects.filter(pk__in=pks).update(invited_at=at)
    code = department.code if department else None
    journal.record(
        "students.invited", edition, by=by, at=at, n=len(pks), which=str(which), department=code
    )
    for pk in pks:
        background.enqueue(tasks.invite_student, pk, sign_in_url)
    return len(pks)
