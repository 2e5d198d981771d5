from collections.abc import Sequence

from django.utils.translation import gettext as _

from hackathon.event.editions.models import Edition
from hackathon.event.printing.sheets import pdf, place, shown
from hackathon.extras.photographs.selectors import answers_of
from teams.floors import by_room
from teams.models import Team


def no_photographs(edition: Edition, teams: Sequence[Team]) -> bytes:
    """By room, the people whom a photographer must not show. One query, beside those of teams."""
    answers = answers_of(edition)
    lines = []
    for team in sorted(teams, key=by_room):
        refused = _names(team, answers, False)
        missing = _names(team, answers, None)
        if refused or missing:
            where = place(team) or _("sans salle")
            lines.append([where, shown(team.name), refused, missing])
    return pdf(
        edition,
        "list",
        title=_("Pas de photo"),
        columns=[_("Salle"), _("Équipe"), _("Pas de photo"), _("Sans réponse : demandez")],
        widths=[3, 4, 6, 6],
        numbers=False,
        items=lines,
    )


def _names(team: Team, answers: dict[int, bool], wanted: bool | None) -> str:
    members = [m.user for m in team.memberships.all() if answers.get(m.user_id) is wanted]
    return ", ".join(shown(user.display_name) for user in members)
