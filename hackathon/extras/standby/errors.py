from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode
from submissions.errors import NotDurable


class StandbyRefusal(RefusalCode):
    NOT_ON_BOTH = (
        "not_on_both",
        _(
            "Votre dépôt n’est pas encore confirmé : le second serveur ne répond pas. Gardez cette"
            " page ouverte et réessayez ; si cela dure, prévenez l’organisation."
        ),
    )
    NOT_CONNECTED = (
        "standby_not_connected",
        _("Le second serveur ne répond pas : chaque dépôt serait refusé. Reliez-le d’abord."),
    )
    NOT_SYNCHRONOUS = (
        "standby_not_synchronous",
        _(
            "La base de données n’attend pas le second serveur. La personne qui s’occupe du serveur"
            " doit lancer deploy/standby prepare, puis vous pourrez choisir."
        ),
    )


class NotOnBoth(NotDurable):
    """The second server lacks what was to be acknowledged."""
