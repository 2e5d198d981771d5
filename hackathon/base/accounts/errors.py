from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class AccountRefusal(RefusalCode):
    SAME_ADDRESS = "same_address", _("C’est déjà votre adresse.")
    DOMAIN = "domain", _("Sur ce site, une adresse est en {domains}.")
    NO_ADDRESS = (
        "no_address",
        _(
            "L’université n’a pas transmis votre adresse e-mail. Entrez avec un code, "
            "et dites-le à l’organisation."
        ),
    )
    INVISIBLE = (
        "invisible",
        _(
            "L’adresse transmise par l’université contient un signe que personne ne voit. Entrez "
            "avec un code, et dites-le à l’organisation."
        ),
    )
    ADDRESS_HAS_ACCOUNT = (
        "address_has_account",
        _(
            "L’adresse {email} a déjà un compte ici. Entrez une fois avec un code ou votre mot de "
            "passe, puis reliez les deux : ensuite, le compte de l’université suffira."
        ),
    )
    AFFILIATION = (
        "affiliation",
        _("Ce site n’est pas ouvert à votre type de compte. Adressez-vous à l’organisation."),
    )
    OLD_CODE = "old_code", _("Ce n’est pas le code reçu à votre adresse actuelle.")
    NEW_CODE = "new_code", _("Ce n’est pas le code reçu à la nouvelle adresse.")
    CODES_EXPIRED = (
        "codes_expired",
        _(
            "Ces codes ne valent plus rien : ils servent une fois, pendant quinze minutes. "
            "Demandez-en d’autres."
        ),
    )
    INACTIVE = "account_inactive", _("Le compte {email} est désactivé.")
    TOKEN_EXPIRY = "token_expiry", _("Un jeton vaut un an au plus.")
    TOKENS_MANY = (
        "tokens_many",
        _("Vous avez déjà {most} jetons. Révoquez ceux dont vous ne vous servez plus."),
    )
    ENTRY_UNKNOWN = (
        "entry_unknown",
        _(
            "Ce code d’entrée n’est pas valable : il sert une fois, pendant quinze minutes."
            " Demandez-en un autre."
        ),
    )
