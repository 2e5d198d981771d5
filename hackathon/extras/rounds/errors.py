from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class CheckInRefusal(RefusalCode):
    PAST = (
        "check_in_past",
        _("Cette heure est passée : choisissez-en une à venir, ou demandez maintenant."),
    )
    NOT_IN_DAY = (
        "check_in_not_in_day",
        _("La question se pose pendant la journée, du {starts} au {ends}."),
    )
    TOO_CLOSE = (
        "check_in_too_close",
        _("Une question est déjà posée ou prévue à {time} : laissez {minutes} minutes entre deux."),
    )
    CANCELLED = "check_in_cancelled", _("Cette question est déjà annulée.")
    CLOSED = (
        "check_in_closed",
        _("On ne répond plus à cette question. S’il y en a une autre, elle est sur la page."),
    )
