from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import (
    Concerns,
    Consent,
    Entry,
    Extra,
    Page,
    Part,
    Place,
    Section,
    registry,
)
from hackathon.extras.meals import consents, parts
from hackathon.extras.meals.demo import fill

registry.add(
    Extra(
        "meals",
        _("Repas"),
        _("Chacun choisit son plat ; la commande, la distribution et les allergies suivent."),
        (Concerns.STUDENTS, Concerns.HELPERS, Concerns.ORGANIZERS),
        pages=(Page("meals:index", _("Repas"), section=Section.DAY),),
        entries=(
            Entry(
                "meals:handout",
                _("Repas"),
                "pizza",
                lambda roles, _edition, _at: roles.desk,
            ),
        ),
        parts=(
            Part(Place.TEAM, parts.own_meal),
            Part(Place.CALLS, parts.handing_out),
            Part(Place.PRINT, parts.sheets),
        ),
        cloned=_("Plats et pizzerias"),
        consents={
            "besoins": Consent(
                _("L’organisation connaît vos besoins alimentaires"),
                consents.given,
                consents.withdraw,
            )
        },
        periodic={
            "needs": {"task": "hackathon.extras.meals.periodic.forget_needs", "schedule": 3600.0}
        },
        demo=fill,
    )
)
