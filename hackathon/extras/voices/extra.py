from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Page, Part, Place, Section, registry
from hackathon.event.editions.models import Edition
from hackathon.extras.voices import services
from hackathon.extras.voices.selectors import sentences_of
from hackathon.run.demo.build import Made


def _own(_request: HttpRequest | None, _edition: Edition | None) -> str:
    return render_to_string("voices/_own.html")


def _press(request: HttpRequest, edition: Edition) -> str:
    context = {"sentences": sentences_of(edition).exclude(accepted_at=None)}
    return render_to_string("voices/_press.html", context, request)


def _demo(made: Made) -> None:
    """Its results are not published yet."""
    scale, first = "Comment était la journée ?", "Votre meilleur moment ?"
    questions = {"scale": scale, "first": first, "second": "Que changer l’an prochain ?"}
    at = made.day.registration_opens_at
    services.set_up(made.edition, by=made.organizer, at=at, **questions)


registry.add(
    Extra(
        "voices",
        _("Avis des participants"),
        _("Après les résultats, trois questions sans nom, et des phrases signées pour la presse."),
        (Concerns.STUDENTS, Concerns.ORGANIZERS),
        pages=(Page("voices:index", _("Avis"), section=Section.AFTER),),
        parts=(Part(Place.OWN_RESULTS, _own), Part(Place.PRESS, _press)),
        demo=_demo,
    )
)
