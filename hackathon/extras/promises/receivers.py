from datetime import datetime
from typing import Any

from django.dispatch import receiver

from hackathon.core.errors import Refused, refuse
from hackathon.editions.models import Department
from hackathon.extras.promises.selectors import awaits_bytes
from teams.errors import TeamRefusal
from teams.models import Team
from teams.signals import department_changed, team_dissolving


@receiver(team_dissolving)
def keep_team(team: Team, at: datetime, **_: Any) -> None:
    """Its promises would be deleted with it."""
    if awaits_bytes(team, at=at):
        raise Refused(refuse(TeamRefusal.UPLOADING, team=team.name))


@receiver(department_changed)
def keep_department(team: Team, before: Department, at: datetime, **_: Any) -> None:
    """A deliverable belongs to a department."""
    if awaits_bytes(team, at=at):
        refusal = refuse(TeamRefusal.DEPOSITS_STAY, team=team.name, department=before.name)
        raise Refused(refusal)
