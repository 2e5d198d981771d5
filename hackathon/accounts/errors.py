from django.utils.translation import gettext_lazy as _

from hackathon.core.errors import RefusalCode


class AccountRefusal(RefusalCode):
    INACTIVE = "account_inactive", _("Le compte {email} est désactivé.")
    ENTRY_UNKNOWN = (
        "entry_unknown",
        _(
            "Ce code d’entrée n’est pas valable : il sert une fois, pendant quinze minutes."
            " Demandez-en un autre."
        ),
    )
