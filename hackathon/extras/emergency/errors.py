from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class EmergencyRefusal(RefusalCode):
    TAKEN = "emergency_taken", _("{name} s’en occupe déjà.")
    CLOSED = "emergency_closed", _("Cette urgence est déjà terminée.")
    SAME_PERSON = (
        "emergency_same_person",
        _("Désignez deux personnes différentes : si l’une ne répond pas, l’autre est prévenue."),
    )
    NOT_AVAILABLE = (
        "emergency_not_available",
        _("{name} n’est plus parmi les personnes qui organisent ou aident. Désignez quelqu’un."),
    )
