"""PDFs of an edition, in the active language and the edition's zone."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hackathon.base.core import qr
from hackathon.base.core.formats import floor_name
from hackathon.base.core.typeset import one_line, typeset
from hackathon.event.appearance.selectors import printed
from hackathon.event.editions.models import Edition
from teams.floors import by_floor, by_room
from teams.models import Team

NAME_CHARS = 60


def floors(edition: Edition, teams: Iterable[Team]) -> bytes:
    """A table for each floor, with a cell for the signature of each member."""
    return pdf(
        edition,
        "floors",
        title=_("Feuilles d’émargement"),
        cell_size=7,
        items=[
            {
                "floor": floor_title(floor.number) or _("Étage inconnu"),
                "teams": [
                    {
                        "name": shown(team.name),
                        "department": team.department.code,
                        "room": shown(team.room) or _("sans salle"),
                        "members": [
                            [shown(member.user.display_name), _("Signature")]
                            for member in team.memberships.all()
                        ],
                    }
                    for team in floor.found
                ],
            }
            for floor in by_floor(teams, floor_of=lambda team: team.floor, order=by_room)
        ],
    )


def team_list(edition: Edition, teams: Iterable[Team]) -> bytes:
    """One table, in the order of `teams`."""
    teams = list(teams)
    title = ngettext("%(n)s équipe", "%(n)s équipes", len(teams))
    return pdf(
        edition,
        "list",
        title=title % {"n": len(teams)},
        columns=[_("Équipe"), _("Département"), _("Salle"), _("Membres")],
        widths=[5, 3, 3, 9],
        numbers=False,
        items=[
            [
                shown(team.name),
                team.department.code,
                _short_place(team) or _("sans salle"),
                ", ".join(
                    _("{name} (capitaine)").format(name=shown(member.user.display_name))
                    if member.is_captain
                    else shown(member.user.display_name)
                    for member in team.memberships.all()
                ),
            ]
            for team in teams
        ],
    )


def pdf(edition: Edition, layout: str | Path, **data: Any) -> bytes:
    """Empty without items. `layout`: of `printing/sheets.typ`, or the file of an extra."""
    if not data["items"]:
        return b""
    sheet = layout if isinstance(layout, Path) else "printing/sheets.typ"
    common = {
        "layout": str(layout),
        "lang": get_language() or "fr",
        "event": shown(edition.name),
        "look": printed(edition),
    }
    # Dated by the event: the same data give the same file at any time.
    data = {**common, **data}
    return typeset(sheet, data, begin="printing/common.typ", at=edition.starts_at)


def qr_of(name: str, *arguments: Any) -> str:
    """Of the address with this name."""
    return qr.svg(url(name, *arguments), border=1)


def url(name: str, *arguments: Any) -> str:
    return settings.SITE_URL + reverse(name, args=arguments)


def shown(text: str) -> str:
    return one_line(text, NAME_CHARS)


def place(team: Team) -> str:
    room = _("salle {room}").format(room=shown(team.room)) if team.room else ""
    return " · ".join(filter(None, [room, floor_title(team.floor)]))


def _short_place(team: Team) -> str:
    """« 214 · 2e »"""
    return " · ".join(filter(None, [shown(team.room), strip_tags(str(floor_name(team.floor)))]))


def floor_title(floor: int | None) -> str:
    if floor is None:
        return ""
    if floor == 0:
        return _("Rez-de-chaussée")
    name = strip_tags(str(floor_name(floor)))
    return (_("Niveau {floor}") if floor < 0 else _("{floor} étage")).format(floor=name)
