from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class SearchRefusal(RefusalCode):
    CONTACT_IN_LINE = (
        "contact_in_line",
        _("Sans adresse, numéro ni lien : on vous répond par une invitation, ici."),
    )
    WRITTEN_JUST_NOW = (
        "written_just_now",
        _("Vous venez d’écrire cette ligne : attendez une minute pour la changer."),
    )
    NAME_MISSING = (
        "name_missing",
        _(
            "Donnez d’abord votre nom, sur la page de votre compte : sans nom, les équipes liraient"
            " le début de votre adresse."
        ),
    )
    NO_LONGER_SEARCHING = (
        "no_longer_searching",
        _("Cette personne ne cherche plus d’équipe."),
    )
    ALREADY_INVITED = (
        "already_invited",
        _("{person} a déjà votre invitation, ou l’a refusée."),
    )
    TOO_MANY_INVITATIONS = (
        "too_many_invitations",
        _("Votre équipe a déjà {max} invitations sans réponse : attendez-en une."),
    )
    INVITATION_GONE = (
        "invitation_gone",
        _("Cette invitation n’est plus valable."),
    )
