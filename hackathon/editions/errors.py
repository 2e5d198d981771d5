"""Why an edition says no."""

from django.utils.translation import gettext_lazy as _

from hackathon.core.errors import RefusalCode


class EditionRefusal(RefusalCode):
    """Codes of the editions' rules."""

    NOT_ORGANIZER = "not_organizer", _("Seule l’organisation peut faire cela.")
    INSTANTS_OUT_OF_ORDER = (
        "instants_out_of_order",
        _("« {later} » doit venir après « {earlier} ». Corrigez l’une des deux heures."),
    )
    RESULTS_PUBLISHED = (
        "results_published",
        _("Les résultats sont publiés : le calendrier ne bouge plus."),
    )
    SLUG_TAKEN = "slug_taken", _("Une édition a déjà l’adresse « {slug} ». Choisissez-en une autre.")
    DELIBERATIONS_OPEN = (
        "deliberations_open",
        _("Il manque des délibérations : {departments}. Publiez quand chaque jury a verrouillé la sienne."),
    )
    AUDIENCE_UNKNOWN = (
        "audience_unknown",
        _("Ce destinataire n’existe pas : choisissez tout le monde, un département ou une équipe."),
    )
    ANNOUNCEMENT_EMPTY = "announcement_empty", _("Écrivez un message avant de l’envoyer.")
