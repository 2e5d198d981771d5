from django.utils.translation import gettext_lazy as _

from hackathon.core.errors import RefusalCode, Refused


class StandbyRefusal(RefusalCode):
    NOT_ON_BOTH = (
        "not_on_both",
        _(
            "Le second serveur ne répond pas : votre dépôt n’est pas encore confirmé. Gardez cette"
            " page ouverte et renvoyez-le dans quelques secondes. S’il est toujours refusé,"
            " prévenez l’organisation."
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


class NotOnBoth(Refused):
    """The second server lacks what was to be acknowledged."""
