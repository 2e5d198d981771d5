from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import HEALTH, Kept, Reader, Subject, registry
from hackathon.extras.meals.models import DietaryNeeds, Dish, Meal, MealPlan
from hackathon.extras.meals.rules import NEEDS_KEPT

MEALS = Subject(
    "meals",
    _("Votre repas"),
    _("Commander les plats et les distribuer."),
    (Reader.YOU, Reader.TEAM, _("les personnes qui servent les repas"), Reader.ORGANIZERS),
)

registry.declare(
    Meal,
    "user",
    MEALS,
    _("Le plat choisi, et quand il a été remis"),
    beside="edition dish served_at",
)
registry.actor(
    Meal,
    "chosen_by served_by",
    _("Les repas que vous choisissez ou servez pour d’autres"),
    subject=MEALS,
)
registry.declare(
    DietaryNeeds,
    "user text",
    HEALTH,
    _("Vos besoins alimentaires, et quand vous avez donné votre accord"),
    beside="edition consented_at",
    kept=Kept(_("%(days)s jours après l’heure limite") % {"days": NEEDS_KEPT.days}, "needs"),
    readers=(Reader.YOU, Reader.ORGANIZERS),
)
registry.not_personal("what is on offer", Dish, MealPlan)
