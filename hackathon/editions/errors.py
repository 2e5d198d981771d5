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
    SIZES_OUT_OF_ORDER = (
        "sizes_out_of_order",
        _("Le maximum de {what} doit valoir au moins le minimum."),
    )
    SIZE_BELOW_ONE = "size_below_one", _("Le minimum de {what} est au moins un.")
    ZONE_UNKNOWN = "zone_unknown", _("Fuseau inconnu : écrivez par exemple Europe/Paris.")
    RESULTS_PUBLISHED = (
        "results_published",
        _("Les résultats sont publiés : le calendrier ne bouge plus."),
    )
    SLUG_TAKEN = (
        "slug_taken",
        _("Une édition a déjà l’adresse « {slug} ». Choisissez-en une autre."),
    )
    DEPARTMENT_CODE_TAKEN = (
        "department_code_taken",
        _("Un département de cette édition a déjà le code « {taken} ». Choisissez-en un autre."),
    )
    DEPARTMENT_IN_USE = (
        "department_in_use",
        _("« {department} » ne peut pas être supprimé : il a encore des données ({things})."),
    )
    ATTACHMENT_TOO_LARGE = (
        "attachment_too_large",
        _("« {filename} » dépasse {max} Mo. Allégez le fichier, ou donnez un lien dans le texte."),
    )
    ACCOUNT_UNKNOWN = (
        "account_unknown",
        _(
            "Aucun compte n’a l’adresse {email}. "
            "Demandez à cette personne de se connecter une première fois, puis ajoutez-la."
        ),
    )
    LAST_ORGANIZER = (
        "last_organizer",
        _(
            "Une édition garde au moins une personne à l’organisation : "
            "ajoutez-en une autre d’abord."
        ),
    )
    DELIBERATIONS_OPEN = (
        "deliberations_open",
        _(
            "Il manque des délibérations : {departments}. "
            "Publiez quand chaque jury a verrouillé la sienne."
        ),
    )
    AUDIENCE_UNKNOWN = (
        "audience_unknown",
        _("Ce destinataire n’existe pas : choisissez tout le monde, un département ou une équipe."),
    )
    ANNOUNCEMENT_EMPTY = "announcement_empty", _("Écrivez un message avant de l’envoyer.")
    ANNOUNCEMENT_TOO_LONG = (
        "announcement_too_long",
        _("Une annonce a {max} caractères au plus : raccourcissez-la."),
    )
    ANNOUNCEMENT_PAST = (
        "announcement_past",
        _("Cette heure est passée : choisissez-en une à venir, ou envoyez maintenant."),
    )
    ANNOUNCEMENT_OUT = (
        "announcement_out",
        _("L’annonce est déjà parue. Corrigez son texte, ou retirez-la."),
    )
    ANNOUNCEMENT_NOT_OUT = (
        "announcement_not_out",
        _("L’annonce n’est pas encore parue : changez-la, tout simplement."),
    )
    ANNOUNCEMENT_WITHDRAWN = (
        "announcement_withdrawn",
        _("L’annonce a été retirée : écrivez-en une autre."),
    )
    SCENE_UNKNOWN = "scene_unknown", _("Cette scène n’existe pas : choisissez-en une autre.")
    SCENE_TOO_EARLY = (
        "scene_too_early",
        _("Rien n’est scellé avant l’heure limite : choisissez une autre scène."),
    )
    SCREEN_ELSEWHERE = (
        "screen_elsewhere",
        _("Ce département n’est pas de cette édition : choisissez-en un autre."),
    )
