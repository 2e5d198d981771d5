from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class EditionRefusal(RefusalCode):
    NOT_ORGANIZER = "not_organizer", _("Seule l’organisation peut faire cela.")
    NOT_ORGANIZER_OF_SHOWN = (
        "not_organizer_of_shown",
        _(
            "Le site affiche « {edition} », dont vous n’êtes pas à l’organisation."
            " Demandez à une personne qui l’organise de vous y ajouter, ou de changer d’édition."
        ),
    )
    DAY_IS_PAST = "day_is_past", _("Ce jour est déjà passé. Vérifiez l’année.")
    SHOWN_IS_RUNNING = (
        "shown_is_running",
        _(
            "« {edition} » est en cours : les équipes perdraient leurs pages."
            " Écrivez son nom pour confirmer."
        ),
    )
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
    DAY_HAS_BEGUN = (
        "day_has_begun",
        _(
            "La journée a commencé : elle ne se décale plus en entier."
            " Décalez l’heure limite et les étapes, une par une."
        ),
    )
    SAME_LAUNCH = "same_launch", _("Le lancement est déjà à cette heure.")
    WOULD_BE_PAST = (
        "would_be_past",
        _(
            "« {what} » tomberait le {when}, qui est déjà passé."
            " Choisissez une heure plus tard, ou changez d’abord celle-là."
        ),
    )
    TOO_LATE_TO_UNDO = (
        "too_late_to_undo",
        _("Trop tard pour annuler : le calendrier a changé depuis, ou trente secondes ont passé."),
    )
    SLUG_TAKEN = (
        "slug_taken",
        _("Une édition a déjà l’adresse « {slug} ». Choisissez-en une autre."),
    )
    SLUG_IS_PUBLIC = (
        "slug_is_public",
        _("Le palmarès est publié à l’adresse « {slug} » : elle ne change plus."),
    )
    DEPARTMENT_CODE_TAKEN = (
        "department_code_taken",
        _("Un département de cette édition a déjà le code « {taken} ». Choisissez-en un autre."),
    )
    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        _(
            "Quelqu’un d’autre vient d’enregistrer. Ce que vous avez écrit est encore ici :"
            " enregistrez de nouveau pour voir les deux."
        ),
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


class Oddity(RefusalCode):
    """Warnings: the calendar is accepted, and probably wrong."""

    DAY_PAST = "day_past", _("Le jour de l’épreuve, le {day}, est déjà passé.")
    DAY_FAR = "day_far", _("L’épreuve est dans plus d’un an, le {day} : vérifiez l’année.")
    DAY_LONG = "day_long", _("L’épreuve dure {duration}, du lancement à l’heure limite.")
    REGISTRATION_LATE = (
        "registration_late",
        _("Les inscriptions se ferment le {instant}, après le lancement."),
    )
    REGISTRATION_EARLY = (
        "registration_early",
        _("Les inscriptions s’ouvrent le {instant}, plus de six mois avant l’épreuve."),
    )
    JUDGING_LATE = (
        "judging_late",
        _("La notation s’ouvre le {instant}, plus d’une semaine après l’heure limite."),
    )
    MILESTONE_OUTSIDE = (
        "milestone_outside",
        _("L’étape « {label} » est le {instant}, loin de l’épreuve."),
    )
    BRIEF_OUTSIDE = (
        "brief_outside",
        _("Le sujet de « {department} » paraît le {instant}, hors de l’épreuve."),
    )
