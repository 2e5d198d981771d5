from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Entry, Extra, Part, Place, registry
from hackathon.event.editions.models import Edition
from hackathon.event.roles import Roles
from hackathon.extras.rounds.control import block
from hackathon.extras.rounds.demo import fill
from hackathon.extras.rounds.fragments import CHECK_IN
from hackathon.extras.rounds.selectors import makes_round


def _is_shown(roles: Roles, _edition: Edition, _at: datetime) -> bool:
    """Organizers have a link in the control room."""
    return makes_round(roles) and not roles.organizer


registry.add(
    Extra(
        "rounds",
        _("Ronde et « Où en êtes-vous ? »"),
        _("Le client et les professeurs passent voir les équipes ; elles disent où elles en sont."),
        (Concerns.STUDENTS, Concerns.HELPERS, Concerns.ORGANIZERS),
        entries=(Entry("rounds:index", _("La ronde"), "route", _is_shown),),
        parts=(
            Part(
                Place.STUDENT_NEWS,
                lambda request, _edition: render_to_string(
                    "rounds/_own_check_in.html", {}, request
                ),
            ),
            Part(
                Place.CONTROL_ACTS,
                lambda request, _edition: render_to_string("rounds/_ask_button.html", {}, request),
            ),
            Part(Place.CONTROL, block, "round"),
        ),
        fragments=(CHECK_IN,),
        periodic={
            "check-ins": {
                "task": "hackathon.extras.rounds.periodic.notify_of_due_check_ins",
                "schedule": 5.0,
            }
        },
        demo=fill,
    )
)
