"""The client and two professors have made a part of their round, and the teams were asked."""

from collections.abc import Sequence
from datetime import timedelta

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.rounds import services
from hackathon.extras.rounds.enums import Progress
from hackathon.run.demo.build import Made
from hackathon.run.demo.day import Day, DemoPhase
from judging.enums import JurorKind
from judging.models import Juror
from teams.models import Team

BEGINS = "2020-02-13T10:00"
ASKED, ASKED_AT_16 = "2020-02-13T14:30", "2020-02-13T16:00"
# How many teams the client and each professor have seen, in the order of rooms.
SEEN, SEEN_LATER = (41, 33, 18), (59, 52, 47)
# What every nth team says; the others answer that all is well, and every fifth nothing.
LATE = {
    7: (Progress.STUCK, "Notre serveur ne démarre plus"),
    9: (Progress.BEHIND, "Le dossier avance, pas le site"),
    16: (Progress.BEHIND, ""),
    21: (Progress.STUCK, "Deux absents depuis midi"),
    38: (Progress.BEHIND, "On refait le logo"),
}


def fill(made: Made) -> None:
    if made.day.has_deposits:
        _make_rounds(made.teams, made.jurors, made.day)
        _ask_teams(made.edition, made.teams, made.day, by=made.organizer)


def _make_rounds(teams: Sequence[Team], jurors: Sequence[Juror], day: Day) -> None:
    counts = SEEN if day.phase == DemoPhase.RUNNING else SEEN_LATER
    for person, seen in zip(_people(jurors), counts, strict=True):
        for place, team in enumerate(teams[:seen]):
            services.see(
                team=team,
                by=person.user,
                for_client=person.kind == JurorKind.CLIENT,
                note="À revoir ce soir" if place == 3 else "",
                at=day.at(BEGINS) + timedelta(minutes=4 * place),
            )


def _ask_teams(edition: Edition, teams: Sequence[Team], day: Day, *, by: User) -> None:
    is_running = day.phase == DemoPhase.RUNNING
    asked_at = day.at(ASKED if is_running else ASKED_AT_16)
    check_in = services.ask(edition=edition, by=by, at=asked_at)
    for place, team in enumerate(teams):
        if place % 5 == 4:
            continue
        progress, text = LATE.get(place, (Progress.FINE, ""))
        services.answer(
            check_in=check_in,
            team=team,
            progress=progress,
            text=text,
            by=team.memberships.get(is_captain=True).user,
            at=asked_at + timedelta(seconds=20 * place),
        )
    if is_running:
        services.ask(edition=edition, asks_at=day.at(ASKED_AT_16), by=by, at=day.now)


def _people(jurors: Sequence[Juror]) -> list[Juror]:
    """A representative of the client and two professors, each of another account."""
    client = next(juror for juror in jurors if juror.kind == JurorKind.CLIENT)
    professors = [
        juror for juror in jurors if juror.kind == JurorKind.TEACHER and not juror.is_president
    ]
    others = {juror.user_id: juror for juror in professors}
    return [client, *list(others.values())[:2]]
