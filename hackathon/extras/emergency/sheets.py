from pathlib import Path

from django.utils.translation import gettext as _

from hackathon.base.core.typeset import one_line
from hackathon.event.editions.models import Edition
from hackathon.event.printing.sheets import pdf, qr_of
from hackathon.extras.emergency import selectors
from hackathon.extras.emergency.models import NOTICE_LENGTH

POSTER = Path(__file__).parent / "templates/emergency/poster.typ"


def poster(edition: Edition) -> bytes:
    """One A4 page, also without a notice."""
    notice = selectors.notice_of(edition)
    lines = notice.text.splitlines() if notice else []
    return pdf(
        edition,
        POSTER,
        title=_("En cas de problème"),
        how=_("Scannez ce carré pour prévenir l’organisation."),
        qr=qr_of("emergency:index"),
        lines=[one_line(line, NOTICE_LENGTH) for line in lines if line.strip()],
        items=[
            {"number": "15", "text": _("SAMU : quelqu’un va mal")},
            {"number": "17", "text": _("Police : danger, agression")},
            {"number": "18", "text": _("Pompiers : feu, accident")},
            {"number": "112", "text": _("Toutes les urgences, en Europe")},
            {"number": "114", "text": _("Par SMS, sans parler")},
        ],
    )
