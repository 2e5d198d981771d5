from collections.abc import Iterable

from django.utils.translation import gettext as _

from hackathon.base.core.formats import day_time
from hackathon.event.editions.models import Edition
from hackathon.event.printing.sheets import pdf, shown
from hackathon.extras.running_order.models import Step


def steps(edition: Edition, found: Iterable[Step]) -> bytes:
    return pdf(
        edition,
        "list",
        title=_("Déroulé de l’organisation"),
        columns=[_("Heure"), _("Quoi"), _("Qui"), _("Où"), _("Fait")],
        widths=[4, 9, 4, 4, 1],
        numbers=False,
        items=[
            [
                day_time(step.at),
                shown(step.title),
                shown(step.who),
                shown(step.place),
                "☒" if step.done_at else "☐",
            ]
            for step in found
        ],
    )
