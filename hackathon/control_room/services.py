"""What the control room does that is more than one act of one app."""

from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.announcements.services import announce
from hackathon.editions.models import Edition
from hackathon.editions.selectors import get_milestone
from hackathon.editions.services import schedule
from submissions.deposits import board
from teams.live import team_audience
from teams.models import Team

MILESTONE = "milestone:"


def move_instant(*, edition: Edition, instant: str, to: datetime, by: User, at: datetime) -> None:
    """Move one point of the day: a field of the edition by its name, or `milestone:ID`.

    Raises `Refused`, and `NotFound` for a milestone of another edition.
    """
    if not instant.startswith(MILESTONE):
        schedule.move(edition=edition, instants={instant: to}, by=by, at=at)
        return
    milestone = get_milestone(edition, int(instant.removeprefix(MILESTONE)))
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
    """Announce to each team that has handed in nothing by now, and return them. Raises `Refused`.

    Asked again here: whoever handed something in since the page was read is left in peace.
    """
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
