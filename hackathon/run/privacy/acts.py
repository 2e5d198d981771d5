from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Données personnelles"),
    {
        "erasure.asked": _("{who} a demandé l’effacement de ses données."),
        "erasure.withdrawn": _("{who} a retiré sa demande d’effacement."),
        "erasure.refused": _("{who} a refusé une demande d’effacement."),
        "account.expired": _("Un compte d’aucune édition, inutilisé depuis un an, a été effacé."),
        "anonymisation.planned": _(
            "{who} a demandé l’anonymisation de l’édition pour le {due_at}."
        ),
        "anonymisation.done": _(
            "L’édition a été anonymisée. Comptes effacés : {accounts}. Lignes changées ou"
            " supprimées : {rows}."
        ),
    },
)
