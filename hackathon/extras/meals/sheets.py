"""PDFs for organizers, without dietary needs."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from hackathon.base.core.formats import day_time
from hackathon.event.editions.models import Edition
from hackathon.event.printing.sheets import floor_title, pdf, shown
from hackathon.extras.meals.selectors import Eater, PizzeriaOrder, handed_out, orders_of
from teams.models import Team


def order(edition: Edition, eaters: Sequence[Eater], served_at: datetime | None) -> bytes:
    title = _("Commande des repas")
    if served_at is not None:
        title = _("Commande des repas, à livrer : {time}").format(time=day_time(served_at))
    return pdf(
        edition,
        "list",
        title=title,
        columns=[_("Pizzeria"), _("Plat"), _("Étiquettes"), _("Nombre")],
        widths=[4, 6, 5, 2],
        numbers=True,
        items=[line for order in orders_of(eaters) for line in _of_pizzeria(order)],
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
                "teams": [_of_team(team, members) for team, members in floor.found],
            }
            for floor in handed_out(eaters)
        ],
    )


SHEETS = {"commande": order, "distribution": hand_out}


def _of_pizzeria(order: PizzeriaOrder) -> list[list[str]]:
    name = shown(order.pizzeria) or _("sans pizzeria")
    lines = [
        [
            name,
            shown(line.dish.name) if line.dish else _("sans plat"),
            shown(line.dish.labels) if line.dish else "",
            str(line.count),
        ]
        for line in order.lines
    ]
    return [*lines, [name, _("Total"), "", str(order.count)]]


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
