"""What pages are told about teams: hints without names; who may read more fetches it."""

from datetime import datetime

from hackathon.core import live
from teams.models import HelpRequest, Team
from teams.selectors.calls import waiting_behind


def team_audience(team_pk: int) -> str:
    return f"team:{team_pk}"


def helpers_audience(kind: str, department_pk: int | None = None) -> str:
    """The people on duty for this kind of help requests, in one department or in all of them."""
    return f"helpers:{kind}" if department_pk is None else f"helpers:{kind}:{department_pk}"


def team_registered(team: Team, *, at: datetime) -> None:
    """A team is there, or has another name or room."""
    live.publish(live.EVERYONE, "team.registered", _hint(team), at=at)


def team_changed(team: Team, *, at: datetime) -> None:
    """To the team itself: its name, room or project is another. Its pages need not follow every
    registration of the school.
    """
    live.publish(team_audience(team.pk), "team.changed", {"team": team.pk}, at=at)


def team_dissolved(team: Team, *, at: datetime) -> None:
    """A team is no more. Call it while `team` still has its primary key."""
    live.publish(live.EVERYONE, "team.dissolved", _hint(team), at=at)


def membership_changed(team: Team, *, at: datetime) -> None:
    """Somebody came, left or became captain."""
    audiences = (team_audience(team.pk), live.ORGANIZERS)
    live.publish(audiences, "membership.changed", {"team": team.pk}, at=at)


def call_changed(call: HelpRequest, act: str, *, at: datetime) -> None:
    """To the team, the organizers and who answers such calls: `act` (`help.claimed`…) was done.

    A helper's department is in it, so that their pages need not follow everybody else's.
    """
    department = call.team.department
    data = {
        "id": call.pk,
        "kind": call.kind,
        "state": call.state,
        "team": call.team_id,
        "department": department.code,
    }
    audiences = (
        team_audience(call.team_id),
        helpers_audience(call.kind, department.pk),
        helpers_audience(call.kind),
        live.ORGANIZERS,
    )
    live.publish(audiences, act, data, at=at)


def queue_moved(call: HelpRequest, *, at: datetime) -> None:
    """To the teams behind `call`: their place in the queue is another. Says neither which, which
    only their pages ask for, nor who else waits.
    """
    if behind := [team_audience(pk) for pk in waiting_behind(call)]:
        live.publish(behind, "help.moved", {"kind": call.kind}, at=at)


def _hint(team: Team) -> dict[str, int | str]:
    return {"team": team.pk, "department": team.department.code}
