from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from hackathon.event.editions.models import Edition
from hackathon.event.printing.sheets import floor_title, pdf, place, qr_of, shown
from teams.floors import by_room
from teams.models import Team

DOORS = Path(__file__).parent / "templates/student_badges/doors.typ"


def badges(edition: Edition, teams: Iterable[Team]) -> bytes:
    """Eight on an A4 page, one for each member of a team."""
    return pdf(
        edition,
        "badges",
        title=_("Badges des étudiants"),
        how=_("Scannez ce carré : il dit l’équipe et la salle."),
        items=[
            {
                "name": shown(member.user.display_name),
                "team": shown(team.name),
                "department": shown(team.department.name),
                "room": place(team),
                "qr": qr_of("student_badges:where", team.pk),
            }
            for team in teams
            for member in team.memberships.all()
        ],
    )


def doors(edition: Edition, teams: Iterable[Team]) -> bytes:
    """A page for each room that has a team."""
    rooms: dict[str, list[Team]] = {}
    for team in sorted(teams, key=by_room):
        if team.room:
            rooms.setdefault(team.room, []).append(team)
    return pdf(
        edition,
        DOORS,
        title=_("Affiches de porte"),
        how=_("Le compte à rebours et les annonces, en direct."),
        qr=qr_of("stage:projector"),
        items=[
            {
                "room": shown(room),
                "floor": floor_title(in_room[0].floor),
                "teams": [
                    {"name": shown(t.name), "department": shown(t.department.name)} for t in in_room
                ],
            }
            for room, in_room in rooms.items()
        ],
    )
