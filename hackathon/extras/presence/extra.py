from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Entry, Extra, Page, Part, Place, Section, registry
from hackathon.extras.presence import parts
from hackathon.extras.presence.demo import fill

registry.add(
    Extra(
        "presence",
        _("Présence"),
        _("L’accueil note qui est là, salle par salle ; le pilotage voit qui manque."),
        (Concerns.STUDENTS, Concerns.HELPERS, Concerns.ORGANIZERS),
        pages=(Page("presence:index", _("Présence"), section=Section.PEOPLE),),
        entries=(
            Entry(
                "presence:list",
                _("Présence"),
                "user-check",
                lambda roles, _edition, _at: roles.desk,
            ),
        ),
        parts=(
            Part(Place.TEAM, parts.own_presence),
            Part(Place.TEAM_SHEET, parts.of_team, shows="presence"),
            Part(Place.CALLS, parts.noting),
            Part(Place.PRINT, parts.codes),
            Part(Place.CONTROL, parts.control, "presence"),
        ),
        cloned=_("Moments d’appel"),
        demo=fill,
    )
)
