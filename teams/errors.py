from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class TeamRefusal(RefusalCode):
    REGISTRATION_NOT_OPEN = "registration_not_open", _("Les inscriptions ouvrent le {opens}.")
    REGISTRATION_CLOSED = (
        "registration_closed",
        _("Les inscriptions sont closes depuis le {closed}. Adressez-vous à l’organisation."),
    )
    REGISTRATION_FROZEN = (
        "registration_frozen",
        _("Les inscriptions sont suspendues pour le moment. Adressez-vous à l’organisation."),
    )
    TOO_OFTEN = (
        "changed_too_often",
        _("Trop de changements à la suite. Attendez dix minutes avant de recommencer."),
    )
    ALREADY_IN_TEAM = (
        "already_in_team",
        _("{person} est déjà dans l’équipe « {team} ». Il faut d’abord la quitter."),
    )
    TEAM_FULL = (
        "team_full",
        _("Cette équipe est complète ({max} membres). Choisissez-en une autre, ou créez la vôtre."),
    )
    MAILS_LEFT = "mails_left", _("Trop tard : les e-mails sont partis.")
    TEAM_GONE = "team_gone", _("Cette équipe n’existe plus : son dernier membre l’a quittée.")
    NAME_TAKEN = "name_taken", _("Une équipe s’appelle déjà « {name} ». Choisissez un autre nom.")
    CODE_UNKNOWN = (
        "code_unknown",
        _(
            "Aucune équipe n’a le code « {join_code} » : il y a une faute de frappe, ou l’équipe"
            " l’a changé. Demandez-lui son code."
        ),
    )
    CODES_BLOCKED = (
        "codes_blocked",
        _("Trop de codes faux. Attendez cinq minutes, ou adressez-vous à l’organisation."),
    )
    NOT_MEMBER = "not_member", _("Cette personne n’est pas dans l’équipe.")
    NOT_CAPTAIN = "not_captain", _("Seul·e le ou la capitaine peut faire cela.")
    NOT_ORGANIZER = "not_organizer", _("Seule l’organisation peut faire cela.")
    HAS_OTHER_RIGHTS = (
        "has_other_rights",
        _(
            "Cette personne a aussi des droits d’organisation : elle se connecte avec sa propre"
            " adresse, ou avec un code affiché sur un autre de ses appareils."
        ),
    )
    COLLEAGUE = (
        "colleague",
        _(
            "Qui tient l’accueil ou lit tout n’entre dans aucune équipe : l’organisation retire"
            " d’abord ce rôle."
        ),
    )
    CAPTAIN_MUST_PASS_ON = (
        "captain_must_pass_on",
        _("Confiez d’abord le rôle de capitaine à un autre membre, puis quittez l’équipe."),
    )
    HAS_SUBMISSIONS = (
        "has_submissions",
        _("L’équipe a déjà rendu quelque chose : son dernier membre ne peut plus la quitter."),
    )

    MOVED_MEANWHILE = (
        "moved_meanwhile",
        _("{person} n’est plus dans l’équipe « {team} » : rechargez la page."),
    )
    TOO_MANY = (
        "too_many_members",
        _("« {team} » aurait {count} membres : {max} au plus."),
    )
    SAME_TEAM = "same_team", _("C’est la même équipe : choisissez-en une autre.")
    NOBODY_LEFT = (
        "nobody_left",
        _("Quelqu’un doit rester dans « {team} » : renommez-la, ou cochez moins de membres."),
    )
    PLACEMENT_CHANGED = (
        "placement_changed",
        _(
            "Entre-temps, une équipe ou une salle a changé : rien n’est appliqué. Voici la"
            " proposition d’après ce qui vaut maintenant."
        ),
    )
    NOTHING_TO_PLACE = "nothing_to_place", _("Aucune équipe ne change de salle.")
    PLACEMENT_GONE = (
        "placement_gone",
        _("Ce placement n’est plus le dernier, ou quelqu’un l’a déjà annulé."),
    )
    NOBODY_CHOSEN = "nobody_chosen", _("Choisissez au moins une personne.")
    MERGED_HAS_SUBMISSIONS = (
        "merged_has_submissions",
        _(
            "« {team} » a déjà rendu quelque chose, a un délai ou des notes : rien ne doit se"
            " perdre. Gardez-la et fusionnez l’autre équipe avec elle, ou déplacez ses membres :"
            " elle reste alors, vide, avec ses dépôts."
        ),
    )
    DEPOSITS_STAY = (
        "deposits_stay",
        _(
            "« {team} » a déjà rendu quelque chose, envoie un fichier ou s’y est engagée, pour le"
            " département {department} : elle n’en change plus."
        ),
    )
    UPLOADING = (
        "team_uploading",
        _("« {team} » envoie un fichier, ou s’y est engagée : attendez qu’il soit arrivé."),
    )
    STUDENT_GONE = "student_gone", _("Cette personne n’est déjà plus sur la liste.")
    CALL_OPEN = "team_call_open", _("« {team} » a un appel en cours : terminez-le d’abord.")


class HelpRefusal(RefusalCode):
    NOT_RUNNING = (
        "help_not_running",
        _("On appelle pendant l’événement, du {starts} au {ends}."),
    )
    NOT_MEMBER = (
        "help_not_member",
        _("Seul un membre de l’équipe peut appeler, ou retirer l’appel."),
    )
    ALREADY_OPEN = (
        "help_already_open",
        _("Votre équipe a déjà un appel en cours. Retirez-le pour appeler quelqu’un d’autre."),
    )
    TOO_MANY = (
        "help_too_many",
        _("Votre équipe a appelé {max} fois en dix minutes. Allez voir l’organisation."),
    )
    PLACE_MISSING = (
        "help_place_missing",
        _("Dites où vous êtes : votre équipe n’a pas encore de salle."),
    )
    NOT_SERVED = "help_not_served", _("Cet appel s’adresse à quelqu’un d’autre.")
    TAKEN = "help_taken", _("{person} s’en occupe déjà.")
    NOT_TAKEN = "help_not_taken", _("Prenez d’abord cet appel.")
    CLOSED = "help_closed", _("Cet appel est terminé, ou l’équipe l’a retiré.")
    IN_TEAM = (
        "helper_in_team",
        _("{person} est dans l’équipe « {team} » : qui concourt ne répond pas aux appels."),
    )
