from datetime import datetime
from typing import Any

from django.dispatch import receiver

from hackathon.base.core.errors import Refused, refuse
from hackathon.event.editions.models import Department
from hackathon.extras.promises.models import Promise
from hackathon.extras.promises.selectors import awaits_bytes
from submissions.errors import DepositRefusal
from submissions.models import Deliverable
from submissions.signals import deliverable_deleting
from teams.errors import TeamRefusal
from teams.models import Team
from teams.signals import department_changed, team_dissolving


@receiver(team_dissolving)
def keep_team(team: Team, at: datetime, **_: Any) -> None:
    """Its promises would be deleted with it."""
    if awaits_bytes(team, at=at):
        raise Refused(refuse(TeamRefusal.UPLOADING, team=team.name))


@receiver(deliverable_deleting)
def keep_deliverable(deliverable: Deliverable, **_: Any) -> None:
    """Also where promises are off: what teams have promised stays."""
    if Promise.objects.filter(deliverable=deliverable).exists():
        raise Refused(refuse(DepositRefusal.HAS_SUBMISSIONS))


@receiver(department_changed)
def keep_department(team: Team, before: Department, at: datetime, **_: Any) -> None:
    """A deliverable belongs to a department."""
    if awaits_bytes(team, at=at):
        refusal = refuse(TeamRefusal.DEPOSITS_STAY, team=team.name, department=before.name)
        raise Refused(refusal)
