from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class OfferRefusal(RefusalCode):
    NOTHING_OFFERED = (
        "nothing_offered",
        _("Plus aucune lecture n’est proposée pour l’instant. Merci !"),
    )
