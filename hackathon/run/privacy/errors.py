from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class PrivacyRefusal(RefusalCode):
    ASKED = "erasure_asked", _("Votre demande est déjà enregistrée.")
    SETTLED = "erasure_settled", _("Cette demande est déjà réglée, ou la personne l’a retirée.")
    NO_REASON = "erasure_no_reason", _("Dites pourquoi : la personne reçoit votre réponse.")
    HOLDS_ROLE = (
        "erasure_holds_role",
        _("Le compte ne peut pas encore être effacé. {what}"),
    )
    RUNNING = (
        "anonymisation_running",
        _(
            "Cette édition n’est pas finie : publiez ses résultats, ou archivez-la si elle n’en a"
            " pas."
        ),
    )
    TOO_EARLY = (
        "anonymisation_too_early",
        _(
            "Pas avant le {day} : il faut le temps de vérifier les résultats et de retirer les"
            " attestations."
        ),
    )
    TOO_LATE = (
        "anonymisation_too_late",
        _("Au plus tard le {day} : les données ne se gardent pas plus longtemps."),
    )
    DONE = "anonymisation_done", _("Cette édition est déjà anonymisée.")
