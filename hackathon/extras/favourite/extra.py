from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Page, Part, Place, Section, registry
from hackathon.event.editions.models import Edition
from hackathon.extras.favourite.ceremony import VoteOfTheHall
from hackathon.extras.favourite.demo import fill
from hackathon.extras.favourite.fragments import HALL_VOTE
from hackathon.extras.favourite.parts import hall_badges


def _vote(request: HttpRequest, _edition: Edition) -> str:
    return render_to_string("favourite/_student.html", {}, request)


registry.add(
    Extra(
        "favourite",
        _("Coup de cœur de la salle"),
        _("Pendant la cérémonie, la salle donne un prix par un vote secret."),
        (Concerns.EVERYBODY,),
        pages=(Page("favourite:index", _("Coup de cœur"), section=Section.ROOM),),
        parts=(Part(Place.PRINT, hall_badges), Part(Place.STUDENT, _vote)),
        fragments=(HALL_VOTE,),
        cloned=_("Le prix de la salle, sans ses votes"),
        ceremony=VoteOfTheHall,
        demo=fill,
    )
)
