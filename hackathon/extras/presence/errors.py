from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class PresenceRefusal(RefusalCode):
    NOT_TICKING = (
        "presence_not_ticking",
        _("Seules l’organisation et les personnes qu’elle a nommées notent la présence."),
    )
    NOT_LISTED = (
        "presence_not_listed",
        _("Cette personne ne participe pas à cette édition."),
    )
    MOMENT_GONE = "presence_moment_gone", _("Ce moment n’existe plus : rechargez la page.")
    NOT_NOW = (
        "presence_not_now",
        _("Aucun appel n’est ouvert à cette heure. Adressez-vous à l’accueil."),
    )
    MOMENT_TAKEN = (
        "presence_moment_taken",
        _("Un moment s’appelle déjà « {name} ». Choisissez un autre nom."),
    )
    MOMENT_USED = (
        "presence_moment_used",
        _("Des personnes sont déjà notées à « {name} » : ce moment reste."),
    )
    NOTHING_TICKED = (
        "presence_nothing_ticked",
        _("Personne n’a encore été noté présent : personne n’est donc absent."),
    )
    NOT_OVER = (
        "presence_not_over",
        _("Le dernier moment n’a pas encore commencé : attendez avant de noter des absences."),
    )
