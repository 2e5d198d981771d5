"""Row locks of the juries, taken in this order: edition, teams, department, juror.

Marks of different jurors do not wait for each other; what locks the jury waits for all of them.
"""

from django.db import connection

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from judging.models import Juror
from teams.models import Team


def edition(pk: int) -> Edition:
    return Edition.objects.select_for_update(no_key=True).get(pk=pk)


def jury(department_pk: int) -> Department:
    """Nobody can mark meanwhile."""
    departments = Department.objects.select_for_update(of=("self",), no_key=True)
    return departments.select_related("edition").get(pk=department_pk)


def readings(department_pk: int) -> Department:
    """Like `jury`; also no team is dissolved: that takes the team's lock and no jury's."""
    teams = Team.objects.select_for_update(no_key=True).filter(department=department_pk)
    list(teams.order_by("pk").values_list("pk", flat=True))
    return jury(department_pk)


def seat(juror_pk: int, department_pk: int) -> Juror | None:
    """Requests of a juror wait for each other and for `jury`. None if the juror was dismissed."""
    _share_jury_lock(department_pk)
    jurors = Juror.objects.seated().select_for_update(of=("self",), no_key=True)
    return jurors.select_related("department__edition", "user").filter(pk=juror_pk).first()


def seat_of(user: User, department: Department) -> Juror | None:
    """The same by user and department: one query without joins."""
    _share_jury_lock(department.pk)
    jurors = Juror.objects.seated().select_for_update(of=("self",), no_key=True)
    juror = jurors.filter(user=user, department=department).order_by().first()
    if juror is not None:
        juror.user, juror.department = user, department
    return juror


def _share_jury_lock(department_pk: int) -> None:
    if connection.vendor == "postgresql":  # SQLite has one writer at a time
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM editions_department WHERE id = %s FOR SHARE", [department_pk]
            )
