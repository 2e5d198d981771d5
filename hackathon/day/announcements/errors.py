from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class AnnouncementRefusal(RefusalCode):
    AUDIENCE_UNKNOWN = (
        "audience_unknown",
        _("Ce destinataire n’existe pas : choisissez tout le monde, un département ou une équipe."),
    )
    NO_TEAM = "no_team", _("Aucune équipe n’est concernée : choisissez-en au moins une.")
    EMPTY = "announcement_empty", _("Écrivez un message avant de l’envoyer.")
    TOO_LONG = (
        "announcement_too_long",
        _("Une annonce a {max} caractères au plus : raccourcissez-la."),
    )
    PAST = (
        "announcement_past",
        _("Cette heure est passée : choisissez-en une à venir, ou envoyez maintenant."),
    )
    OUT = (
        "announcement_out",
        _("L’annonce est déjà parue. Corrigez son texte, ou retirez-la."),
    )
    NOT_OUT = (
        "announcement_not_out",
        _("L’annonce n’est pas encore parue : changez-la, tout simplement."),
    )
    WITHDRAWN = (
        "announcement_withdrawn",
        _("L’annonce a été retirée : écrivez-en une autre."),
    )
