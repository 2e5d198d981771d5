from django.utils.translation import gettext_lazy as _

from hackathon.core.errors import RefusalCode


class PeopleRefusal(RefusalCode):
    UNKNOWN_ADDRESS = (
        "unknown_address",
        _(
            "Personne n’a de compte à l’adresse {email}. Vérifiez-la : qui lit ce courrier aura le "
            "rôle. Pour l’inviter, cochez la case."
        ),
    )
    ONESELF = "oneself", _("Vous ne pouvez pas désactiver votre propre compte.")
    SUPERUSER = (
        "superuser",
        _("{who} administre le site : seule l’administration peut désactiver ce compte."),
    )
    OTHER_EDITION = (
        "other_edition",
        _(
            "{who} prend part à une édition que vous n’organisez pas : demandez à une personne qui "
            "l’organise."
        ),
    )
    INACTIVE = "inactive", _("Ce compte est désactivé : réactivez-le d’abord.")
