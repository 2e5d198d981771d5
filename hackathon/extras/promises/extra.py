from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Page, Part, Place, Section, registry
from hackathon.extras.promises import parts, selectors, services
from hackathon.extras.promises.models import SOURCE
from submissions import hand_ins

registry.add(
    Extra(
        SOURCE,
        _("Rendre sans réseau"),
        _("Une équipe sans réseau s’engage par un téléphone sur un fichier qu’elle envoie après."),
        (Concerns.STUDENTS, Concerns.ORGANIZERS),
        pages=(Page("promises:desk", _("Rendre sans réseau"), section=Section.DAY),),
        parts=(
            Part(Place.DEPOSITS, parts.own),
            Part(Place.HAND_IN, parts.offer),
            Part(Place.ATTENTION, parts.offline),
            Part(Place.RULES, parts.rules),
        ),
    )
)
hand_ins.add(hand_ins.Participant(SOURCE, claims=selectors.claims_of, before_commit=services.keep))
