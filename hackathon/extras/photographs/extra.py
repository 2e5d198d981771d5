from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import (
    Concerns,
    Consent,
    Extra,
    Page,
    Part,
    Place,
    Section,
    registry,
)
from hackathon.extras.photographs import consents, parts
from hackathon.extras.photographs.demo import fill
from hackathon.extras.photographs.fragments import ON_THE_HOME_PAGE

registry.add(
    Extra(
        "photographs",
        _("Photos de la journée"),
        _("Les photos paraissent avec les résultats, si toutes les personnes nommées le veulent."),
        (Concerns.EVERYBODY,),
        pages=(Page("photographs:index", _("Photos"), section=Section.AFTER),),
        published=(Page("photographs:public-index", _("Photos"), "camera"),),
        parts=(
            Part(Place.HOME, parts.on_home),
            Part(Place.TEAM, parts.own_question),
            Part(Place.PRESS, parts.for_press),
            Part(Place.PRINT, parts.sheet),
        ),
        fragments=(ON_THE_HOME_PAGE,),
        consents={
            "photos": Consent(
                _("On peut vous voir sur les photos publiées de la journée"),
                consents.given,
                consents.withdraw,
            )
        },
        demo=fill,
    )
)
