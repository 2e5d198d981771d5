from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hackathon.base.core import qr
from hackathon.event.editions.models import Edition
from hackathon.event.printing.sheets import floor_title, pdf, shown
from hackathon.extras.presence.selectors import Roll, in_rooms

CODES = Path(__file__).parent / "templates/presence/codes.typ"


def codes(edition: Edition, roll: Roll) -> bytes:
    """A page for each room that has a team: its code leads to « Je suis là »."""
    page = settings.SITE_URL + reverse("presence:own")
    return pdf(
        edition,
        CODES,
        title=_("Codes des salles"),
        how=_("Scannez ce carré avec votre téléphone, puis dites que vous êtes là."),
        items=[
            {
                "room": shown(room),
                "floor": floor_title(floor.number),
                "qr": qr.svg(f"{page}?{urlencode({'room': room})}", border=1),
            }
            for floor in in_rooms(roll.people)
            for room, _people in floor.found
            if room
        ],
    )
