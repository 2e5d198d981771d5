from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Page, Part, Place, Section, registry
from hackathon.extras.emergency import parts
from hackathon.extras.emergency.demo import fill
from hackathon.extras.emergency.fragments import SAFETY

registry.add(
    Extra(
        "emergency",
        _("En cas de problème"),
        _("Qui appeler, au pied de chaque page ; un bouton « Urgence » prévient deux personnes."),
        (Concerns.EVERYBODY,),
        pages=(Page("emergency:settings", _("En cas de problème"), section=Section.PREPARE),),
        parts=(
            Part(Place.FOOT, parts.foot),
            Part(Place.TEAM_FIRST, parts.button),
            Part(Place.JUROR, parts.button),
            Part(Place.CALLS, parts.answering),
            Part(Place.ATTENTION, parts.attention, shows="emergency"),
            Part(Place.PRINT, parts.sheet),
        ),
        fragments=(SAFETY,),
        cloned=_("Consigne en cas de problème"),
        periodic={
            "emergencies": {
                "task": "hackathon.extras.emergency.periodic.escalate",
                "schedule": 20.0,
            },
            "emergency-texts": {
                "task": "hackathon.extras.emergency.periodic.forget_texts",
                "schedule": 3600.0,
            },
        },
        demo=fill,
    )
)
