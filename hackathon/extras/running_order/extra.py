from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import (
    Concerns,
    Entry,
    Extra,
    Page,
    Part,
    Place,
    Section,
    registry,
)
from hackathon.event.editions.models import Edition
from hackathon.event.roles import Roles
from hackathon.extras.running_order import parts
from hackathon.extras.running_order.demo import fill
from hackathon.extras.running_order.selectors import is_shown_to


def _is_shown(roles: Roles, _edition: Edition, _at: datetime) -> bool:
    """Organizers have a tab."""
    return is_shown_to(roles) and not roles.organizer


registry.add(
    Extra(
        "running_order",
        _("Déroulé de l’organisation"),
        _("Ce que l’organisation fait, à quelle heure, qui et où ; les retards sont au pilotage."),
        (Concerns.HELPERS, Concerns.ORGANIZERS),
        pages=(Page("running_order:edit", _("Déroulé"), section=Section.PROGRAM),),
        entries=(Entry("running_order:index", _("Déroulé"), "list-check", _is_shown),),
        parts=(Part(Place.ATTENTION, parts.late, shows="step"),),
        cloned=_("Déroulé de l’organisation"),
        demo=fill,
    )
)
