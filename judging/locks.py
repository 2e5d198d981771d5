"""Row locks, always taken in this order: edition, teams, department, juror."""

from django.db import connection

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused, refuse
from hackathon.event.editions.models import Department, Edition
from judging.models import Juror
from teams.errors import TeamRefusal
from teams.models import Team


def edition(pk: int) -> Edition:
    return Edition.objects.select_for_update(no_key=True).get(pk=pk)


def jury(department_pk: int) -> Department:
    """Blocks all marks of this jury until the transaction ends."""
    departments = Department.objects.select_for_update(of=("self",), no_key=True)
    return departments.select_related("edition").get(pk=department_pk)


def readings(department_pk: int, *, of: Team | None = None) -> Department:
    """Also blocks the dissolution of teams, which takes the lock of a team only. Raises `Refused`
    if the team `of` has been dissolved.
    """
    teams = Team.objects.select_for_update(no_key=True).filter(department=department_pk)
    locked = list(teams.order_by("pk").values_list("pk", flat=True))
    if of is not None and of.department_id == department_pk and of.pk not in locked:
        raise Refused(refuse(TeamRefusal.TEAM_GONE))
    return jury(department_pk)


def seat(juror_pk: int, department_pk: int) -> Juror | None:
    """Waits for `jury`, but not for other jurors. None if the juror is not seated."""
    _share_jury_lock(department_pk)
    jurors = Juror.objects.seated().select_for_update(of=("self",), no_key=True)
    return jurors.select_related("department__edition", "user").filter(pk=juror_pk).first()


def seat_of(user: User, department: Department) -> Juror | None:
    """One query without joins."""
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
