from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry
from hackathon.event.editions.models import Edition


def _link(request: HttpRequest, edition: Edition) -> str:
    if not edition.is_graded:
        return ""
    return render_to_string("grades/_link.html", {"managed": edition}, request)


registry.add(
    Extra(
        "grades",
        _("Notes des étudiants"),
        _(
            "Après les résultats d’une journée notée, les notes se téléchargent pour Moodle et"
            " ScoDoc."
        ),
        (Concerns.ORGANIZERS,),
        parts=(Part(Place.RESULTS, _link),),
    )
)
