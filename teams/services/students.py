"""The list of students of an edition. Raises `Refused`."""

from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, refuse
from hackathon.base.live.messages import refresh_rights
from teams.errors import TeamRefusal
from teams.models import Student
from teams.selectors.teams import membership_of
from teams.services import membership
from teams.services.organizing import lock_teams


@transaction.atomic
def take_off(student: Student, *, by: User, at: datetime) -> None:
    """Also from the team, which keeps what it handed in. The account stays."""
    # Not for update: a person who joins holds the team, and waits for the edition.
    edition, _teams = lock_teams(student.edition, [], by=by)
    rows = Student.objects.select_for_update(of=("self",)).select_related("user")
    locked = rows.filter(pk=student.pk).first()
    if locked is None:
        raise Refused(refuse(TeamRefusal.STUDENT_GONE))
    journal.record("student.taken_off", edition, by=by, at=at, user=locked.user_id)
    if (place := membership_of(locked.user, edition)) is not None:
        membership.remove(place, by=by, at=at)
    locked.delete()
    refresh_rights(locked.user_id)
