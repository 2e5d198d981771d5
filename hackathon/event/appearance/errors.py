from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class AppearanceRefusal(RefusalCode):
    PICTURE_TOO_LARGE = (
        "picture_too_large",
        _("« {filename} » dépasse {max} Mo : réduisez l’image."),
    )
    PICTURE_UNREADABLE = (
        "picture_unreadable",
        _("« {filename} » ne s’ouvre pas comme image : enregistrez-la en PNG ou en SVG."),
    )
