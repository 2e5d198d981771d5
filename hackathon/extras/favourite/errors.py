from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class FavouriteRefusal(RefusalCode):
    NOT_OPEN = "favourite_not_open", _("Le vote n’est pas encore ouvert : attendez l’annonce.")
    CLOSED = (
        "favourite_closed",
        _("Le vote est clos. Si vous aviez déjà voté, votre voix est comptée."),
    )
    STILL_OPEN = (
        "favourite_open",
        _(
            "Le vote du coup de cœur n’est pas clos :"
            " fermez-le d’abord sur la page « Coup de cœur »."
        ),
    )
    UNKNOWN_BADGE = (
        "favourite_unknown_badge",
        _("Ce code n’ouvre pas le vote : relisez-le sur le badge, ou demandez un autre badge."),
    )
    NOT_CANDIDATE = (
        "favourite_not_candidate",
        _("On ne vote ni pour sa propre équipe, ni hors de la liste : choisissez-en une autre."),
    )
    OPENS_BY_ITSELF = (
        "favourite_opens_by_itself",
        _("Le vote s’ouvre de lui-même après le dernier passage, avec la télécommande."),
    )
    ALREADY_OPEN = (
        "favourite_already_open",
        _("Le vote a commencé : il ne reste qu’à le fermer."),
    )
