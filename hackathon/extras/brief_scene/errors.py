from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class BriefSceneRefusal(RefusalCode):
    SHOW_TOO_LARGE = (
        "show_too_large",
        _("Ce fichier est trop gros : {max} Mo au plus. Réduisez-le, puis envoyez-le de nouveau."),
    )
    SHOW_KIND = (
        "show_kind",
        _("Ce fichier n’est ni un PDF ni une vidéo MP4 ou WebM : convertissez-le d’abord."),
    )
    TOO_LATE = "too_late", _("Le sujet est paru : il n’y a plus rien à confirmer.")
