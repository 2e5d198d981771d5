"""Hints without contents: who may see more fetches it."""

from datetime import datetime

from hackathon.base.live.audiences import (
    EVERYONE,
    ORGANIZERS,
    ROUND,
    team_audience,
    tutors_audience,
)
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Edition
from teams.models import Team


def round_changed(edition: Edition, *, at: datetime) -> None:
    publish(edition, (ROUND, ORGANIZERS), "round.changed", {}, at=at)


def check_in_changed(edition: Edition, *, at: datetime) -> None:
    """It was asked, planned or cancelled. Pages of teams show it from its instant on."""
    publish(edition, EVERYONE, "check_in.changed", {}, at=at)


def check_in_answered(team: Team, *, at: datetime) -> None:
    """Neither to juries nor to other teams."""
    audiences = (
        team_audience(team.pk),
        tutors_audience(team.department_id),
        tutors_audience(),
        ORGANIZERS,
    )
    publish(team.edition, audiences, "check_in.answered", {}, at=at)
