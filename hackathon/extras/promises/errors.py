from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class PromiseRefusal(RefusalCode):
    NO_PROMISES = (
        "no_promises",
        _("Cette édition ne prend pas d’engagements. Apportez le fichier à l’organisation."),
    )
    PROMISES_OVER = (
        "promises_over",
        _("Trop tard pour s’engager : c’était possible jusqu’à {until}. Voyez l’organisation."),
    )
    RECEIVED_BEFORE = (
        "received_before",
        _("Le serveur a déjà reçu ce fichier à {time}, version {version} : rien d’autre à faire."),
    )
    TOO_MANY_PROMISES = (
        "too_many_promises",
        _(
            "Votre équipe s’est déjà engagée {max} fois pour ce livrable : c’est le maximum."
            " Rendez un de ces fichiers, ou voyez l’organisation."
        ),
    )
    KEPT = (
        "promise_kept",
        _("Le fichier est arrivé : cet engagement ne peut plus être annulé."),
    )
    CODE_LETTERS = (
        "code_letters",
        _("Ces signes n’existent pas dans un code : {places}. Relisez-les."),
    )
    CODE_LENGTH = (
        "code_length",
        _("Un code a {lines} lignes de {length} lettres : {places}. Relisez-le."),
    )
    CODE_LINES = (
        "code_lines",
        _("Une lettre est fausse : {places}. Relisez les huit lettres de cette ligne."),
    )
    CODE_UNKNOWN = (
        "code_unknown",
        _(
            "Ce code n’est d’aucune équipe de cette édition, ou son livrable n’existe plus."
            " Relisez-le depuis l’ordinateur de l’équipe."
        ),
    )
