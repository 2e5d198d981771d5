from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.announcements.services.announcements import announce
from hackathon.core.live import team_audience
from hackathon.editions import moves
from hackathon.editions.models import Edition
from hackathon.editions.moves import Move
from hackathon.editions.selectors import get_milestone
from hackathon.editions.services import schedule
from submissions import board
from teams.models import Team


def preview_move(edition: Edition, moved: dict[str, Any], *, at: datetime) -> Move | None:
    """`moved`: the cleaned data of `MoveForm`. Raises `NotFound`."""
    if moved["milestone_pk"] is None:
        return moves.preview(edition, {moved["instant"]: moved["to"]}, at=at)
    milestone = get_milestone(edition, moved["milestone_pk"])
    return moves.preview_milestone(milestone, moved["to"], at=at)


def move(edition: Edition, moved: dict[str, Any], *, by: User, at: datetime) -> None:
    """`moved`: the cleaned data of `MoveForm`. Raises `Refused`, `NotFound`."""
    to = moved["to"]
    if moved["milestone_pk"] is None:
        schedule.move(edition=edition, instants={moved["instant"]: to}, by=by, at=at)
        return
    milestone = get_milestone(edition, moved["milestone_pk"])
    if milestone.at != to:
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
