"""Who waits for whom. Marks of different jurors don't wait for each other; closing waits for all.

Order, to be kept: edition, teams, department, juror.
"""

from django.db import connection

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from judging.models import Juror
from teams.models import Team


def edition(pk: int) -> Edition:
    """One at a time per edition: the last deliberation, the publication."""
    return Edition.objects.select_for_update(no_key=True).get(pk=pk)


def jury(department_pk: int) -> Department:
    """One at a time per jury, and no mark meanwhile: criteria, seats, the deliberation."""
    departments = Department.objects.select_for_update(of=("self",), no_key=True)
    return departments.select_related("edition").get(pk=department_pk)


def readings(department_pk: int) -> Department:
    """`jury`, and none of its teams is dissolved meanwhile: for who writes who reads whom.

    Who dissolves a team has locked it first, and waits for no jury.
    """
    teams = Team.objects.select_for_update(no_key=True).filter(department=department_pk)
    list(teams.order_by("pk").values_list("pk", flat=True))
    return jury(department_pk)


def seat(juror_pk: int, department_pk: int) -> Juror | None:
    """One at a time per juror, beside other jurors, while nobody holds `jury`. None if dismissed.

    Two requests on the same sheet, from two tablets or a double tap, come one after the other.
    """
    _beside_others(department_pk)
    jurors = Juror.objects.seated().select_for_update(of=("self",), no_key=True)
    return jurors.select_related("department__edition", "user").filter(pk=juror_pk).first()


def seat_of(user: User, department: Department) -> Juror | None:
    """The same by person and jury, with what the caller knows of both already: one narrow query."""
    _beside_others(department.pk)
    jurors = Juror.objects.seated().select_for_update(of=("self",), no_key=True)
    juror = jurors.filter(user=user, department=department).order_by().first()
    if juror is not None:
        juror.user, juror.department = user, department
    return juror


def _beside_others(department_pk: int) -> None:
    if connection.vendor == "postgresql":  # SQLite has one writer anyway
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM editions_department WHERE id = %s FOR SHARE", [department_pk]
            )
