from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry
from hackathon.event.editions.models import Edition


def _sheets(request: HttpRequest, edition: Edition) -> str:
    return render_to_string("student_badges/_sheets.html", {"managed": edition}, request)


registry.add(
    Extra(
        "student_badges",
        _("Badges et affiches de porte"),
        _("Un badge par étudiant et une affiche par salle, à imprimer."),
        (Concerns.STUDENTS, Concerns.ORGANIZERS),
        parts=(Part(Place.PRINT, _sheets),),
    )
)
