"""Why a jury's page says no."""

from django.utils.translation import gettext_lazy as _

from hackathon.core.errors import RefusalCode


class JudgingRefusal(RefusalCode):
    """Codes of the judging rules."""

    NOT_JUROR = "not_juror", _("Seuls les jurés de ce département notent ses équipes.")
    NOT_PRESIDENT = "not_president", _("Seule la présidence du jury peut faire cela.")
    JUDGING_NOT_OPEN = "judging_not_open", _("La notation ouvre le {opens}.")
    SHEET_FINAL = "sheet_final", _("Cette fiche est terminée. Rouvrez-la pour la modifier.")
    DELIBERATION_LOCKED = (
        "deliberation_locked",
        _("La délibération est verrouillée : plus rien ne change."),
    )
    VALUE_OUT_OF_SCALE = (
        "value_out_of_scale",
        _("La note de « {criterion} » va de 0 à {scale}, par demi-points."),
    )
    MARKS_MISSING = (
        "marks_missing",
        _("Il manque une note : {criteria}. Notez chaque critère avant de terminer la fiche."),
    )
    SCORING_BEGUN = (
        "scoring_begun",
        _("La notation a commencé : les critères et leurs coefficients ne changent plus."),
    )
    NOMINEE_UNKNOWN = "nominee_unknown", _("Cette équipe n’est pas du département.")
    WINNER_NOT_NOMINATED = (
        "winner_not_nominated",
        _("« {team} » n’est pas nommée : nommez-la avant de lui donner un prix."),
    )
    WINNERS_COUNT = (
        "winners_count",
        _("Choisissez de {min} à {max} lauréats : vous en avez {count}."),
    )
    NO_SHEETS = "no_sheets", _("Aucune fiche terminée : il n’y a rien à délibérer.")
    NO_CRITERIA = (
        "no_criteria",
        _("Ce jury n’a pas encore de critères. Demandez-les à l’organisation."),
    )
    CRITERION_UNKNOWN = ("criterion_unknown", _("Ce critère n’est pas de ce jury."))
    JUROR_IN_TEAM = (
        "juror_in_team",
        _("{name} est membre d’une équipe de ce département et ne peut pas y être juré."),
    )
    JUROR_HAS_MARKS = (
        "juror_has_marks",
        _("{name} a déjà noté des équipes : ses fiches comptent, il ou elle reste dans le jury."),
    )
    CEREMONY_RUNNING = (
        "ceremony_running",
        _("La vraie cérémonie est en cours. Arrêtez-la d’abord si elle doit recommencer."),
    )
    NO_CEREMONY = "no_ceremony", _("Aucune cérémonie n’est en cours : démarrez-la d’abord.")
    CEREMONY_OUTDATED = (
        "ceremony_outdated",
        _("Une délibération a changé depuis la dernière étape. Arrêtez, puis recommencez."),
    )
    CEREMONY_UNFINISHED = (
        "ceremony_unfinished",
        _("La cérémonie n’est pas finie : allez jusqu’à la dernière image, ou arrêtez-la."),
    )
