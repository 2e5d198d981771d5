"""Who has called for help in the demo, and how far each call is."""

from datetime import timedelta

from hackathon.accounts.models import User
from hackathon.demo.day import Day, DemoPhase
from hackathon.demo.people import Cast
from hackathon.editions.models import Edition
from judging.enums import JurorKind
from judging.models import Juror
from teams.enums import HelpKind
from teams.models import HelpRequest, Team
from teams.services import calls, duties

PHASES = (DemoPhase.RUNNING, DemoPhase.LAST_MINUTES)
# (kind, minutes ago, minutes until somebody took it, what became of it, note)
CALLS = [
    (HelpKind.CLIENT, 170, 6, "done", ""),
    (HelpKind.TEACHER, 155, 12, "done", "Relire notre planning"),
    (HelpKind.TECHNICAL, 140, 3, "done", "Plus de prise dans la salle"),
    (HelpKind.CLIENT, 95, 21, "done", "Une question sur les horaires du magasin"),
    (HelpKind.TEACHER, 80, 4, "done", ""),
    (HelpKind.TEACHER, 60, None, "withdrawn", ""),
    (HelpKind.CLIENT, 24, 19, "coming", "Valider le logo"),
    (HelpKind.CLIENT, 18, None, "waiting", "Budget de la campagne ?"),
    (HelpKind.TEACHER, 15, 9, "claimed", ""),
    (HelpKind.CLIENT, 11, None, "waiting", ""),
    (HelpKind.TECHNICAL, 9, None, "waiting", "Le Wi-Fi coupe toutes les cinq minutes"),
    (HelpKind.TEACHER, 7, None, "waiting", ""),
    (HelpKind.CLIENT, 4, None, "waiting", "On voudrait montrer la maquette"),
    (HelpKind.TEACHER, 2, None, "waiting", "Erreur 500 sur notre serveur"),
]


def on_duty(edition: Edition, day: Day, cast: Cast, *, by: User) -> User:
    """Somebody who looks after network and sockets, for all teams."""
    helper = cast.named("technique", "Tess Technique")
    at = day.registration_opens_at
    duties.give(
        edition=edition, email=helper.email, kind=HelpKind.TECHNICAL, department=None, by=by, at=at
    )
    return helper


def call(teams: list[Team], seats: list[Juror], technician: User, day: Day) -> None:
    """A call in each state, every fourth team one, through the services."""
    if day.phase not in PHASES:
        return
    for team, (kind, ago, taken_after, becomes, note) in zip(teams[1::4], CALLS, strict=False):
        asked_at = day.now - timedelta(minutes=ago)
        member = team.memberships.select_related("user")[0].user
        made = calls.request(team=team, kind=kind, by=member, at=asked_at, note=note)
        if becomes == "withdrawn":
            calls.withdraw(call=made, by=member, at=asked_at + timedelta(minutes=9))
        if taken_after is not None:
            helper = technician if kind == HelpKind.TECHNICAL else _who(kind, team, seats)
            _serve(made, becomes, by=helper, day=day, taken_after=timedelta(minutes=taken_after))


def _serve(made: HelpRequest, becomes: str, *, by: User, day: Day, taken_after: timedelta) -> None:
    taken_at = made.requested_at + taken_after
    calls.claim(call=made, by=by, at=taken_at)
    if becomes in ("coming", "done"):
        calls.start(call=made, by=by, at=taken_at)
    if becomes == "done":
        calls.finish(call=made, by=by, at=min(day.now, taken_at + timedelta(minutes=10)))


def _who(kind: HelpKind, team: Team, seats: list[Juror]) -> User:
    """A teacher, or the client, of the team's jury."""
    wanted = JurorKind.CLIENT if kind == HelpKind.CLIENT else JurorKind.TEACHER
    return next(
        seat.user
        for seat in seats
        if seat.department_id == team.department_id
        and seat.kind == wanted
        and not seat.is_president
    )
