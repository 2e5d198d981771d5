from datetime import datetime, timedelta

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.run.demo.day import Day, DemoPhase
from hackathon.run.demo.people import Accounts
from judging.enums import JurorKind
from judging.models import Juror
from teams.enums import HelpKind
from teams.models import HelpRequest, Team
from teams.services import calls, duties

PHASES = (DemoPhase.RUNNING, DemoPhase.LAST_MINUTES)
# (kind, minutes ago, minutes until it was claimed, result, note)
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


def create_technician(edition: Edition, day: Day, accounts: Accounts, *, by: User) -> User:
    helper = accounts.get_or_create("technique", "Tess Technique")
    at = day.registration_opens_at
    duties.give(
        edition=edition, email=helper.email, kind=HelpKind.TECHNICAL, department=None, by=by, at=at
    )
    return helper


def create_tutor(edition: Edition, day: Day, accounts: Accounts, *, by: User) -> None:
    """A professor of INFOCOM who is in no jury."""
    duties.give(
        edition=edition,
        email=accounts.get_or_create("tuteur", "Théo Tuteur").email,
        kind=HelpKind.TEACHER,
        department=edition.departments.get(code="INFOCOM"),
        by=by,
        at=day.registration_opens_at,
    )


def create_calls(teams: list[Team], jurors: list[Juror], technician: User, day: Day) -> None:
    """Calls in all states, one for every fourth team."""
    if day.phase not in PHASES:
        return
    for team, (kind, ago, claimed_after, result, note) in zip(teams[1::4], CALLS, strict=False):
        requested_at = day.now - timedelta(minutes=ago)
        member = team.memberships.select_related("user")[0].user
        call = calls.request(team=team, kind=kind, by=member, at=requested_at, note=note)
        if result == "withdrawn":
            calls.withdraw(call=call, by=member, at=requested_at + timedelta(minutes=9))
        if claimed_after is not None:
            helper = technician if kind == HelpKind.TECHNICAL else _juror(kind, team, jurors)
            claimed_at = requested_at + timedelta(minutes=claimed_after)
            _claim(call, result, by=helper, day=day, claimed_at=claimed_at)


def _claim(call: HelpRequest, result: str, *, by: User, day: Day, claimed_at: datetime) -> None:
    calls.claim(call=call, by=by, at=claimed_at)
    if result in ("coming", "done"):
        calls.start(call=call, by=by, at=claimed_at)
    if result == "done":
        calls.finish(call=call, by=by, at=min(day.now, claimed_at + timedelta(minutes=10)))


def _juror(kind: HelpKind, team: Team, jurors: list[Juror]) -> User:
    wanted = JurorKind.CLIENT if kind == HelpKind.CLIENT else JurorKind.TEACHER
    return next(
        juror.user
        for juror in jurors
        if juror.department_id == team.department_id
        and juror.kind == wanted
        and not juror.is_president
    )
