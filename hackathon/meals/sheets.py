"""PDFs for organizers, without dietary needs."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from hackathon.core.formats import clock_time
from hackathon.editions.models import Edition
from hackathon.meals.selectors import Eater, handed_out, orders_of
from hackathon.printing.sheets import floor_title, pdf, shown
from teams.models import Team


def order(edition: Edition, eaters: Sequence[Eater], served_at: datetime | None) -> bytes:
    title = _("Commande des repas")
    if served_at is not None:
        title = _("Commande des repas, à livrer à {time}").format(time=clock_time(served_at))
    return pdf(
        edition,
        "list",
        title=title,
        columns=[_("Pizzeria"), _("Plat"), _("Étiquettes"), _("Nombre")],
        widths=[4, 6, 5, 2],
        items=[
            [
                shown(order.pizzeria) or _("sans pizzeria"),
                shown(line.dish.name) if line.dish else _("sans plat"),
                shown(line.dish.labels) if line.dish else "",
                str(line.count),
            ]
            for order in orders_of(eaters)
            for line in order.lines
        ],
    )


def hand_out(edition: Edition, eaters: Sequence[Eater], served_at: datetime | None) -> bytes:
    return pdf(
        edition,
        "floors",
        title=_("Distribution des repas"),
        cell_size=11,
        items=[
            {
                "floor": floor_title(floor.number) or _("Étage inconnu"),
                "teams": [_of_team(team, found) for team, found in floor.found],
            }
            for floor in handed_out(eaters)
        ],
    )


SHEETS = {"commande": order, "distribution": hand_out}


def _of_team(team: Team | None, eaters: Sequence[Eater]) -> dict[str, object]:
    return {
        "name": shown(team.name) if team else _("Sans équipe"),
        "department": team.department.code if team else "",
        "room": (shown(team.room) if team else "") or _("sans salle"),
        "members": [
            [shown(one.name), f"☐ {shown(one.dish.name) if one.dish else _('sans plat')}"]
            for one in eaters
        ],
    }
