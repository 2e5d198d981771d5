"""Why a team says no."""

from django.utils.translation import gettext_lazy as _

from hackathon.core.errors import RefusalCode


class TeamRefusal(RefusalCode):
    """Codes of the teams' rules."""

    REGISTRATION_NOT_OPEN = "registration_not_open", _("Les inscriptions ouvrent le {opens}.")
    REGISTRATION_CLOSED = (
        "registration_closed",
        _("Les inscriptions sont closes depuis le {closed}. Adressez-vous à l’organisation."),
    )
    ALREADY_IN_TEAM = (
        "already_in_team",
        _("{person} est déjà dans l’équipe « {team} ». Il faut d’abord la quitter."),
    )
    TEAM_FULL = (
        "team_full",
        _("Cette équipe est complète ({max} membres). Choisissez-en une autre, ou créez la vôtre."),
    )
    TEAM_GONE = "team_gone", _("Cette équipe n’existe plus : son dernier membre l’a quittée.")
    NAME_TAKEN = "name_taken", _("Une équipe s’appelle déjà « {name} ». Choisissez un autre nom.")
    CODE_UNKNOWN = (
        "code_unknown",
        _("Aucune équipe n’a le code « {join_code} ». Vérifiez-le auprès de votre capitaine."),
    )
    ACCOUNT_UNKNOWN = (
        "account_unknown",
        _(
            "Personne n’a encore de compte à l’adresse « {email} ». "
            "Il faut d’abord que cette personne se connecte une fois."
        ),
    )
    NOT_MEMBER = "not_member", _("Cette personne n’est pas dans l’équipe.")
    NOT_CAPTAIN = "not_captain", _("Seul·e le ou la capitaine peut faire cela.")
    NOT_ORGANIZER = "not_organizer", _("Seule l’organisation peut faire cela.")
    CAPTAIN_MUST_PASS_ON = (
        "captain_must_pass_on",
        _("Confiez d’abord le rôle de capitaine à un autre membre, puis quittez l’équipe."),
    )
    HAS_SUBMISSIONS = (
        "has_submissions",
        _("L’équipe a déjà rendu quelque chose : son dernier membre ne peut plus la quitter."),
    )
