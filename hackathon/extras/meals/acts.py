from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Repas"),
    {
        "meal.chosen": _("{who} a choisi le repas de {person}."),
        "meal.chosen/own": _("{who} a choisi son repas."),
        "meal.served": _("{who} a remis son repas à {person}."),
        "meal.unserved": _("{who} a décoché le repas de {person}."),
        "meals.planned": _("{who} a réglé les repas ; choix jusqu’à : {closes_at}."),
        "dish.saved": _("{who} a enregistré le plat « {name} »."),
        "dish.deleted": _("{who} a retiré le plat « {name} »."),
        "needs.forgotten": _("Les besoins alimentaires de l’édition sont effacés ({count})."),
    },
)
