from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class MealRefusal(RefusalCode):
    NOTHING_OFFERED = (
        "meals_not_offered",
        _("Les repas ne sont pas encore à choisir : l’organisation prépare la carte."),
    )
    CLOSED = (
        "meals_closed",
        _("Les choix sont clos depuis le {closed}. Adressez-vous à l’organisation."),
    )
    NOT_EATER = (
        "not_eater",
        _("Cette personne ne participe pas à cette édition : il n’y a pas de repas à son nom."),
    )
    NOT_CAPTAIN = (
        "meal_not_captain",
        _("Seul le ou la capitaine choisit pour les autres membres de l’équipe."),
    )
    CHOSEN_BY_OTHER = (
        "meal_chosen_by_other",
        _("Ce repas est déjà choisi, par la personne ou par l’organisation : ce choix reste."),
    )
    CONSENT_MISSING = (
        "needs_without_consent",
        _("Cochez l’accord pour que l’organisation puisse lire vos besoins, ou videz le texte."),
    )
    NOT_SERVING = (
        "not_serving",
        _("Seules l’organisation et les personnes qu’elle a nommées distribuent les repas."),
    )
    DISH_TAKEN = "dish_taken", _("Un plat s’appelle déjà « {dish} ». Choisissez un autre nom.")
    DISH_CHOSEN = (
        "dish_chosen",
        _("« {dish} » est déjà choisi par quelqu’un : renommez-le, ou changez d’abord ces choix."),
    )
