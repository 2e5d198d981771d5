from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Edition


def _link(request: HttpRequest, edition: Edition) -> str:
    if edition.state == EditionState.DRAFT:
        return ""
    return render_to_string("static_archive/_link.html", {"managed": edition}, request)


registry.add(
    Extra(
        "static_archive",
        _("Pages publiques en fichiers"),
        _("Après les résultats, les pages publiques se téléchargent, et s’ouvrent sans serveur."),
        (Concerns.ORGANIZERS,),
        parts=(Part(Place.RESULTS, _link),),
    )
)
