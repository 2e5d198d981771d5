"""Live messages about teams: hints without names. Pages that may show more fetch it."""

from datetime import datetime

from hackathon.core import live
from hackathon.editions.live import publish
from teams.models import HelpRequest, Team
from teams.selectors.calls import teams_behind


def team_registered(team: Team, *, at: datetime) -> None:
    publish(team.edition, live.EVERYONE, "team.registered", _hint(team), at=at)


def team_updated(team: Team, *, at: datetime) -> None:
    """Pages of its members show `own_team`: they must not fetch whenever any team changes."""
    publish(team.edition, live.EVERYONE, "team.updated", _hint(team), at=at)
    audience = live.team_audience(team.pk)
    publish(team.edition, audience, "own_team.changed", {"team": team.pk}, at=at)


def team_dissolved(team: Team, *, at: datetime) -> None:
    """Call it before the deletion, while `team` has its primary key."""
    publish(team.edition, live.EVERYONE, "team.dissolved", _hint(team), at=at)


def membership_changed(team: Team, *, at: datetime) -> None:
    audiences = (live.team_audience(team.pk), live.ORGANIZERS)
    publish(team.edition, audiences, "membership.changed", {"team": team.pk}, at=at)


def call_changed(call: HelpRequest, kind: str, *, at: datetime) -> None:
    """`kind` is the type of the message: `help.requested`, `help.claimed`…"""
    department = call.team.department
    data = {
        "id": call.pk,
        "kind": call.kind,
        "state": call.state,
        "team": call.team_id,
        "department": department.code,
    }
    audiences = (
        live.team_audience(call.team_id),
        live.helpers_audience(call.kind, department.pk),
        live.helpers_audience(call.kind),
        live.ORGANIZERS,
    )
    publish(call.team.edition, audiences, kind, data, at=at)


def queue_moved(call: HelpRequest, *, at: datetime) -> None:
    """To the teams behind `call`, without the names of other teams. One query."""
    if behind := [live.team_audience(pk) for pk in teams_behind(call)]:
        publish(call.team.edition, behind, "help.moved", {"kind": call.kind}, at=at)


def _hint(team: Team) -> dict[str, int | str]:
    return {"team": team.pk, "department": team.department.code}
