"""Live messages about teams: hints without names. Pages that may show more fetch it."""

from datetime import datetime

from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE, ORGANIZERS, helpers_audience, team_audience
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Edition
from teams.enums import Circle
from teams.models import HelpRequest, Team
from teams.rules import common_circle
from teams.selectors.calls import teams_behind


def team_registered(team: Team, *, at: datetime) -> None:
    publish(team.edition, EVERYONE, "team.registered", _hint(team), at=at)


def team_updated(team: Team, *, at: datetime) -> None:
    """Pages of its members show `own_team`: they must not fetch whenever any team changes."""
    publish(team.edition, EVERYONE, "team.updated", _hint(team), at=at)
    own_team_changed(team, at=at)


def own_team_changed(team: Team, *, at: datetime) -> None:
    audience = team_audience(team.pk)
    publish(team.edition, audience, "own_team.changed", {"team": team.pk}, at=at)


def team_dissolved(team: Team, *, at: datetime) -> None:
    """Call it before the deletion, while `team` has its primary key."""
    publish(team.edition, EVERYONE, "team.dissolved", _hint(team), at=at)


def membership_changed(team: Team, *, at: datetime) -> None:
    """Who is in the team. Who joins has not agreed that the works are shown."""
    consents_changed(team, at=at)
    works_changed(team, at=at)


def consents_changed(team: Team, *, at: datetime) -> None:
    audiences = (team_audience(team.pk), ORGANIZERS)
    publish(team.edition, audiences, "membership.changed", {"team": team.pk}, at=at)


def works_are_seen(edition: Edition) -> bool:
    return edition.is_current or edition.results_published_at is not None


def works_changed(team: Team, *, at: datetime) -> None:
    """To whom the works of the team are shown, unless no member has answered. Also about an edition
    that is not shown: its pages are public for good. `team` as it is stored. One query.
    """
    if not works_are_seen(team.edition):
        return
    answers = list(team.memberships.values_list("shows_works_to", flat=True))
    if any(answers) or not answers:
        # Of those who are not shown nobody knows whether a member refuses.
        agreed = Circle.NOBODY if team.works_hidden_because else common_circle(answers)
        circle = max(agreed, Circle.NOBODY)
        data = {"team": team.pk, "circle": int(circle)}
        messages.publish(EVERYONE, "work.changed", data, at=at)


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
        team_audience(call.team_id),
        helpers_audience(call.kind, department.pk),
        helpers_audience(call.kind),
        ORGANIZERS,
    )
    publish(call.team.edition, audiences, kind, data, at=at)


def queue_moved(call: HelpRequest, *, at: datetime) -> None:
    """To the teams behind `call`, without the names of other teams. One query."""
    if behind := [team_audience(pk) for pk in teams_behind(call)]:
        publish(call.team.edition, behind, "help.moved", {"kind": call.kind}, at=at)


def _hint(team: Team) -> dict[str, int | str]:
    return {"team": team.pk, "department": team.department.code}
