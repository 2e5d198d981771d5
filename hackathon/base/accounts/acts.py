from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry
from hackathon.base.core.scopes import Scope

registry.add(
    _("Comptes"),
    {
        "user.invited": _("{who} a invité {person}."),
        "user.signed_up": _("{who} a créé son compte."),
        "administrator.made": _("{person} administre le site."),
        "user.renamed": _("{who} a changé le nom de {person}."),
        "user.renamed/own": _("{who} a changé de nom."),
        "phone.changed": _("{who} a donné son numéro de téléphone à l’organisation."),
        "phone.removed": _("{who} a effacé son numéro de téléphone."),
        "user.signed_out": _("{who} a fermé les sessions de {person}."),
        "user.signed_out/own": _("{who} a fermé ses sessions."),
        "user.deactivated": _("{who} a désactivé le compte de {person}."),
        "user.reactivated": _("{who} a réactivé le compte de {person}."),
        "user.address_changed": _("{who} a changé d’adresse e-mail."),
        "user.deleted": _("{who} a effacé le compte de {person}, à sa demande."),
        "user.deleted/own": _("{who} a supprimé son compte."),
        "factor.added": _("{who} a ajouté une seconde preuve à son compte."),
        "factor.removed": _("{who} a retiré une seconde preuve de son compte."),
        "factor.renewed": _("{who} a renouvelé ses codes de secours."),
        "university.linked": _("{who} a relié un compte de l’université."),
        "university.unlinked": _("{who} a retiré un compte de l’université."),
        "session.ended": _("{who} a fermé une de ses sessions."),
        "calendar.renewed": _("{who} a renouvelé l’adresse de son agenda."),
        "entry_code.made": _("{who} a fait afficher un code d’entrée pour {person}."),
        "entry_code.made/own": _("{who} a fait afficher un code d’entrée."),
        "token.created": _(
            "{who} a créé pour {person} le jeton d’API « {name} » ({scopes}), valable"
            " jusqu’au {expires_at}."
        ),
        "token.created/own": _(
            "{who} a créé le jeton d’API « {name} » ({scopes}), valable jusqu’au {expires_at}."
        ),
        "token.revoked": _("{who} a révoqué le jeton d’API « {name} » de {person}."),
        "token.revoked/own": _("{who} a révoqué son jeton d’API « {name} »."),
        "entry_code.mailed": _(
            "Un code d’entrée a été envoyé à {person}, après trop d’essais de connexion."
        ),
        "entry_code.used": _("{who} a utilisé un code d’entrée."),
    },
    scopes=Scope,
)
