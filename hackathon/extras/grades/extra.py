from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry
from hackathon.extras.grades import parts

registry.add(
    Extra(
        "grades",
        _("Notes des étudiants"),
        _("Les notes pour Moodle et ScoDoc ; une personne peut en avoir une autre que l’équipe."),
        (Concerns.ORGANIZERS, Concerns.STUDENTS),
        parts=(
            Part(Place.RESULTS, parts.link),
            Part(Place.TEAM_FIRST, parts.own),
            Part(Place.OWN_MARKS, parts.own),
            Part(Place.TEAM_SHEET, parts.of_team),
        ),
    )
)
