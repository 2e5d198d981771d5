from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hackathon.base.core import qr
from hackathon.base.core.typeset import one_line, typeset
from hackathon.event.appearance.selectors import printed
from hackathon.event.editions.models import Department, Edition
from judging.setup.services.badges import PrintedBadge

NAME_CHARS = 60


def render(
    edition: Edition, badges: Iterable[PrintedBadge], *, of: Department | None = None
) -> bytes:
    """In the active language. `of`: all of them are of this jury."""
    title = _("Badges du jury {department}").format(department=of.name) if of else _("Badges")
    data = {
        "lang": get_language() or "fr",
        "title": title,
        "event": _shown(edition.name),
        "look": printed(edition),
        "code": _("Code"),
        "how": _("Scannez ce carré avec la tablette, ou touchez votre nom et tapez le code."),
        "secret": _("Personnel : ce badge ouvre vos fiches. Ne le laissez pas sur une table."),
        "badges": [_badge(badge) for badge in badges],
    }
    return typeset("judging/setup/badges.typ", data)


def filename(department: Department | None) -> str:
    return f"badges-{department.code.lower()}.pdf" if department else "badges.pdf"


def address_of(badge: PrintedBadge) -> str:
    """The token is in the fragment, which browsers send to no server."""
    return f"{settings.SITE_URL}{reverse('judging:badge')}#{badge.token}"


def _badge(badge: PrintedBadge) -> dict[str, Any]:
    juror = badge.juror
    role = _("présidence") if juror.is_president else str(juror.get_kind_display())
    return {
        "name": _shown(juror.user.display_name),
        "role": role,
        "jury": _("Jury {department}").format(department=_shown(juror.department.name)),
        "pin": f"{badge.pin[:3]} {badge.pin[3:]}",
        "qr": qr.svg(address_of(badge), border=1),
    }


def _shown(text: str) -> str:
    return one_line(text, NAME_CHARS)
