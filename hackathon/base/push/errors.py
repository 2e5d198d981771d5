from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class PushRefusal(RefusalCode):
    UNREADABLE = (
        "push_unreadable",
        _("Ce navigateur n’a pas donné ce qu’il faut pour les notifications. Essayez-en un autre."),
    )
    NOT_PUBLIC = (
        "push_not_public",
        _("Ce service de notifications n’est pas sur Internet : essayez un autre navigateur."),
    )
