from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import ngettext

from hackathon.base.accounts.models import User
from hackathon.base.live.audiences import team_audience
from hackathon.day.announcements.models import SEVERAL_TEAMS, Announcement
from hackathon.day.announcements.services.announcements import announce
from hackathon.day.control_room.enums import Group
from hackathon.event.editions import moves
from hackathon.event.editions.models import Edition
from hackathon.event.editions.moves import Move
from hackathon.event.editions.selectors import coming_briefs, get_milestone
from hackathon.event.editions.services import briefs, schedule
from submissions import board
from submissions.enums import ProgressState
from teams.floors import place
from teams.models import Team

STATE_OF = {Group.NOTHING: ProgressState.NOTHING, Group.PARTLY: ProgressState.SOMETHING}


def preview_move(edition: Edition, moved: dict[str, Any], *, at: datetime) -> Move | None:
    """`moved`: the cleaned data of `MoveForm`. Raises `NotFound`."""
    if moved["instant"] == moves.BRIEFS:
        coming = coming_briefs(edition, at=at)
        return moves.preview_briefs(edition, coming, moved["to"], at=at)
    if moved["milestone_pk"] is None:
        return moves.preview(edition, {moved["instant"]: moved["to"]}, at=at)
    milestone = get_milestone(edition, moved["milestone_pk"])
    return moves.preview_milestone(milestone, moved["to"], at=at)


def move(edition: Edition, moved: dict[str, Any], *, by: User, at: datetime) -> None:
    """`moved`: the cleaned data of `MoveForm`. Raises `Refused`, `NotFound`."""
    to = moved["to"]
    if moved["instant"] == moves.BRIEFS:
        briefs.move(edition=edition, to=to, by=by, at=at)
        return
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
def warn(
    *,
    edition: Edition,
    group: Group,
    chosen: Collection[int] = (),
    body: str,
    by_mail: bool = False,
    by: User,
    at: datetime,
) -> Announcement:
    """One announcement to the teams of `group`, which are read again. Raises `Refused`."""
    teams = teams_to_warn(board.board(edition), group, chosen)
    audience, label = SEVERAL_TEAMS, ngettext("%(n)s équipe", "%(n)s équipes", len(teams))
    if len(teams) == 1:
        audience, label = team_audience(teams[0].pk), teams[0].name
    return announce(
        edition=edition,
        audience=audience,
        audience_label=label % {"n": len(teams)} if "%" in label else label,
        teams=teams if len(teams) > 1 else (),
        body=body,
        by_mail=by_mail,
        by=by,
        at=at,
    )


def teams_to_warn(shown: board.Board, group: Group, chosen: Collection[int]) -> list[Team]:
    """By room. `chosen` ones in any state."""
    if group == Group.CHOSEN:
        teams = [line.team for line in shown.teams if line.team.pk in chosen]
    else:
        teams = [line.team for line in board.in_state(shown.teams, STATE_OF[group])]
    return sorted(teams, key=place)
