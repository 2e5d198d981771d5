from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import Reader, Subject, registry
from hackathon.extras.presence.models import Moment, PresenceSettings, Tick

PRESENCE = Subject(
    "presence",
    _("Votre présence"),
    _(
        "Savoir qui est là, pour la sécurité du bâtiment et pour l’école, qui doit justifier les"
        " heures des apprentis. Aucune position, aucune empreinte, aucun visage ; pour les mineurs,"
        " la même chose que pour les autres."
    ),
    (Reader.YOU, _("les personnes qui notent la présence"), Reader.ORGANIZERS),
)

registry.declare(
    Tick,
    "user",
    PRESENCE,
    _("Quand vous avez été vu, ou avez dit être là, et quand vous êtes parti"),
    beside="moment kind seen_at",
)
registry.actor(Tick, "made_by", _("Les présences que vous notez"), subject=PRESENCE)
registry.not_personal("what an organizer has planned", Moment, PresenceSettings)
