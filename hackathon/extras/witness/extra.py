from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry
from hackathon.extras.witness import api, parts

registry.add(
    Extra(
        "witness",
        _("Horodatage"),
        _("Des autorités extérieures signent l’heure des scellés et des enveloppes des jurys."),
        (Concerns.ORGANIZERS,),
        parts=(Part(Place.SEALS, parts.how), Part(Place.ENVELOPES, parts.how)),
        about_digests=parts.about_digests,
        api={"stamps": api.Stamps},
        periodic={
            "stamps": {"task": "hackathon.extras.witness.periodic.ask_again", "schedule": 20.0}
        },
    )
)
