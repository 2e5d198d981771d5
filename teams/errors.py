"""Why a team says no."""

from django.utils.translation import gettext_lazy as _

from hackathon.core.errors import RefusalCode


class TeamRefusal(RefusalCode):
    """Codes of the teams' rules."""

    REGISTRATION_NOT_OPEN = "registration_not_open", _("Les inscriptions ouvrent le {opens}.")
    REGISTRATION_CLOSED = (
        "registration_closed",
        _("Les inscriptions sont closes depuis {closed}. Adressez-vous à l’organisation."),
    )
    ALREADY_IN_TEAM = (
        "already_in_team",
        _("Vous êtes déjà dans l’équipe {team}. Quittez-la d’abord pour en changer."),
    )
    TEAM_FULL = (
        "team_full",
        _("Cette équipe est complète ({max} membres). Choisissez-en une autre, ou créez la vôtre."),
    )
    NAME_TAKEN = "name_taken", _("Une équipe s’appelle déjà « {name} ». Choisissez un autre nom.")
    CODE_UNKNOWN = (
        "code_unknown",
        _("Aucune équipe n’a le code « {code} ». Vérifiez-le auprès de votre capitaine."),
    )
    NOT_MEMBER = "not_member", _("Cette personne n’est pas dans l’équipe.")
    NOT_CAPTAIN = "not_captain", _("Seul·e le ou la capitaine peut faire cela.")
    CAPTAIN_MUST_PASS_ON = (
        "captain_must_pass_on",
        _("Confiez d’abord le rôle de capitaine à un autre membre, puis quittez l’équipe."),
    )
    HAS_SUBMISSIONS = (
        "has_submissions",
        _("L’équipe a déjà rendu quelque chose : son dernier membre ne peut plus la quitter."),
    )
