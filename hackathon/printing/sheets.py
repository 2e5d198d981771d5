"""PDFs of an edition (`printing/sheets.typ`), in the active language and the edition's zone."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hackathon.core import qr
from hackathon.core.formats import date_text, floor_name, ordinal
from hackathon.core.typeset import one_line, typeset
from hackathon.editions.models import Edition
from hackathon.printing.rules import Certificate, Prize
from teams.floors import by_floor, door
from teams.models import Team

NAME_CHARS = 60


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
                "qr": qr.svg(_url("printing:where", team.pk), border=1),
            }
            for team in teams
            for member in team.memberships.all()
        ],
    )


def doors(edition: Edition, teams: Iterable[Team]) -> bytes:
    """A page for each room that has a team."""
    rooms: dict[str, list[Team]] = {}
    for team in sorted(teams, key=door):
        if team.room:
            rooms.setdefault(team.room, []).append(team)
    return pdf(
        edition,
        "doors",
        title=_("Affiches de porte"),
        how=_("Le compte à rebours et les annonces, en direct."),
        qr=qr.svg(_url("stage:projector"), border=1),
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
            for floor in by_floor(teams, floor_of=lambda team: team.floor, order=door)
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


def certificates(edition: Edition, to_print: Iterable[Certificate]) -> bytes:
    """An A4 page for each."""
    return pdf(
        edition,
        "certificates",
        title=_("Attestation"),
        school=shown(edition.school),
        day=date_text(edition.starts_at, "j F Y", edition.zone),
        signed=_("Pour l’organisation"),
        how=_("Pour vérifier cette attestation, scannez ce carré ou ouvrez cette adresse."),
        items=[
            {
                "heading": _("Attestation de prix") if one.prizes else _("Attestation"),
                "name": shown(one.name),
                "text": _certified(one),
                "code": one.spoken_code,
                "address": check_url(one),
                "qr": qr.svg(check_url(one), border=1),
            }
            for one in to_print
        ],
    )


SHEETS: dict[str, Callable[[Edition, Sequence[Team]], bytes]] = {
    "badges": badges,
    "portes": doors,
    "etages": floors,
}


def check_url(certificate: Certificate) -> str:
    return _url("printing:certificate", certificate.code)


def prize_text(prize: Prize) -> str:
    if prize.rank is None:
        return _("prix spécial « {title} »").format(title=prize.title)
    text = _("{rank} prix ex æquo") if prize.is_tied else _("{rank} prix")
    return text.format(rank=strip_tags(str(ordinal(prize.rank))))


def _certified(one: Certificate) -> str:
    team = one.membership.team
    facts = {
        "event": shown(team.edition.name),
        "day": date_text(team.edition.starts_at, "j F Y", team.edition.zone),
        "team": shown(team.name),
        "department": shown(team.department.name),
        "prizes": ", ".join(prize_text(prize) for prize in one.prizes),
    }
    if not all(prize.by_jury for prize in one.prizes):
        text = _("a reçu : {prizes}, avec l’équipe « {team} » ({department}), au {event} ({day}).")
    elif one.prizes:
        text = _(
            "a reçu : {prizes}, avec l’équipe « {team} », décerné par le jury {department}"
            " du {event} ({day})."
        )
    else:
        text = _(
            "a participé au {event}, le {day}, dans l’équipe « {team} » (département {department})."
        )
    return text.format(**facts)


def pdf(edition: Edition, kind: str, **data: Any) -> bytes:
    """Empty without items."""
    if not data["items"]:
        return b""
    common = {"kind": kind, "lang": get_language() or "fr", "event": shown(edition.name)}
    # Dated by the event: the same data give the same file at any time.
    return typeset("printing/sheets.typ", {**common, **data}, at=edition.starts_at)


def _url(name: str, *arguments: Any) -> str:
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
