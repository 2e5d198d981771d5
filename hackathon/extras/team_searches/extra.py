from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry
from hackathon.extras.team_searches.parts import own_search

registry.add(
    Extra(
        "team_searches",
        _("Recherches d’équipe"),
        _(
            "Avant la journée, qui n’a pas d’équipe se montre en une ligne, et les équipes qui ont"
            " de la place invitent."
        ),
        (Concerns.STUDENTS,),
        parts=(Part(Place.TEAM, own_search),),
    )
)
