from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class GalleryRefusal(RefusalCode):
    SENTENCE_FIXED = (
        "sentence_fixed",
        _("Les résultats sont publiés : la phrase de l’équipe ne change plus."),
    )
    NO_INSTANT = "gallery_no_instant", _("Donnez le jour et l’heure de l’ouverture.")
    GUEST_TAKEN = (
        "guest_taken",
        _("« {guest} » a déjà un lien : retirez-le, ou donnez un autre nom."),
    )
    GUEST_PAST = "guest_past", _("Cette heure est passée : choisissez-en une à venir.")
    TOO_MANY_GUESTS = "guests_too_many", _("Une édition a {max} liens d’invitation au plus.")
