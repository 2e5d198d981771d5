from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.announcements.services.announcements import announce
from hackathon.core.live import team_audience
from hackathon.editions.models import Edition
from hackathon.editions.selectors import get_milestone
from hackathon.editions.services import schedule
from submissions import board
from teams.models import Team


def move_milestone(*, edition: Edition, pk: int, to: datetime, by: User, at: datetime) -> None:
    """Raises `Refused`, and `NotFound` for a milestone of another edition."""
    milestone = get_milestone(edition, pk)
    schedule.save_milestone(
        edition=edition,
        milestone=milestone,
        kind=milestone.kind,
        label=milestone.label,
        milestone_at=to,
        by=by,
        at=at,
    )


@transaction.atomic
def warn_silent(*, edition: Edition, body: str, by: User, at: datetime) -> list[Team]:
    """Returns the teams, which are read again: those that handed in nothing. Raises `Refused`."""
    teams = [line.team for floor in board.board(edition).silent for line in floor.teams]
    for team in teams:
        announce(
            edition=edition,
            audience=team_audience(team.pk),
            audience_label=team.name,
            body=body,
            by=by,
            at=at,
        )
    return teams
