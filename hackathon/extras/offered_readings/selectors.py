from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.live.fragments import once
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.extras.offered_readings.models import Offering
from hackathon.extras.offered_readings.rules import offer
from judging.jury.readings import sheet_counts_of
from judging.jury.rules import open_refusal
from judging.jury.selectors import is_locked, is_president
from judging.models import Juror
from judging.plan.situations import situation_of
from teams.models import Team


def offering(edition: Edition) -> set[int]:
    """Ids of departments. All jurors share them until a jury changes."""

    def read(edition: Edition) -> set[int]:
        rows = Offering.objects.filter(department__edition=edition)
        return set(rows.values_list("department", flat=True))

    return once(edition, "offering", read, "jury")


def offered_to(juror: Juror, *, at: datetime) -> Team | None:
    """None unless the jury is open and the juror has finished."""
    counts = sheet_counts_of(juror)
    if not 0 < counts.total == counts.done:
        return None
    locked = is_locked(juror.department)
    closed = open_refusal(juror.department, locked=locked, at=at)
    return None if closed else offered_team(juror, at=at)


def offered_team(juror: Juror, *, at: datetime) -> Team | None:
    """The team that the juror, who has finished, is asked to read as well. The caller has checked
    that the jury is open.
    """
    if not Offering.objects.filter(department=juror.department_id).exists():
        return None
    situation = situation_of(juror.department, at=at)
    pk = offer(situation, juror.pk) if situation else None
    return Team.objects.filter(pk=pk).first() if pk else None


def get_switched(user: User | AnonymousUser, pk: int) -> tuple[Department, bool]:
    """The department, and whether the user presides its jury. Raises `NotFound` for others except
    organizers.
    """
    department = get_or_not_found(Department.objects.select_related("edition"), pk=pk)
    presides = user.is_authenticated and is_president(user, department)
    if presides or is_organizer(user, department.edition):
        return department, presides
    raise NotFound
