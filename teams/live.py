"""What pages are told about teams: hints without names; who may read more fetches it."""

from datetime import datetime

from hackathon.core import live
from teams.models import Team


def team_registered(team: Team, *, at: datetime) -> None:
    """A team is there, or has another name or room."""
    live.publish(live.EVERYONE, "team.registered", _hint(team), at=at)


def team_changed(team: Team, *, at: datetime) -> None:
    """To the team itself: its name, room or project is another. Its pages need not follow every
    registration of the school.
    """
    live.publish(live.team_audience(team.pk), "team.changed", {"team": team.pk}, at=at)


def team_dissolved(team: Team, *, at: datetime) -> None:
    """A team is no more. Call it while `team` still has its primary key."""
    live.publish(live.EVERYONE, "team.dissolved", _hint(team), at=at)


def membership_changed(team: Team, *, at: datetime) -> None:
    """Somebody came, left or became captain."""
    audiences = (live.team_audience(team.pk), live.ORGANIZERS)
    live.publish(audiences, "membership.changed", {"team": team.pk}, at=at)


def _hint(team: Team) -> dict[str, int | str]:
    return {"team": team.pk, "department": team.department.code}
