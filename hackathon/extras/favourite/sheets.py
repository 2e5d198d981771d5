from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.base.core import qr
from hackathon.event.printing.sheets import pdf, shown
from hackathon.extras.favourite.models import Favourite


def badges(favourite: Favourite, printed: Iterable[tuple[int, str]]) -> bytes:
    """Eight on an A4 page. The code is in the fragment, which browsers send to no server."""
    address = settings.SITE_URL + reverse("favourite:vote")
    return pdf(
        favourite.edition,
        "badges",
        title=_("Badges de la salle"),
        how=_("Scannez ce carré pour voter, ou tapez le code sur la page du vote."),
        items=[
            {
                "department": shown(favourite.title),
                "name": _("Badge {number}").format(number=number),
                "team": "-".join(code[n : n + 4] for n in range(0, len(code), 4)),
                "room": _("Une personne, une voix."),
                "qr": qr.drawn(f"{address}#{code}", border=1),
            }
            for number, code in printed
        ],
    )
