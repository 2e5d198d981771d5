from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class PublicDemoRefusal(RefusalCode):
    TOO_SOON = (
        "reset_too_soon",
        _("La démonstration vient d’être remise à zéro. Ce sera de nouveau possible à {time}."),
    )
    UNKNOWN_MOMENT = "unknown_moment", _("Choisissez un des moments de la liste.")
