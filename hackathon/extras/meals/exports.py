"""The columns of the lists of organizers, as files. Without dietary needs, which are health data
and would stay in a file that is not deleted.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.exports import Columns

# Of lines of `selectors.orders_of`.
ORDER: Columns = [
    (_("Pizzeria"), lambda line: line.dish and line.dish.pizzeria),
    (_("Plat"), lambda line: line.dish.name if line.dish else gettext("sans plat")),
    (_("Étiquettes"), lambda line: line.dish and line.dish.labels),
    (_("Nombre"), lambda line: line.count),
    (_("Dont sans choix"), lambda line: line.by_default),
]

# Of `selectors.dishes_of`.
DISHES: Columns = [
    (_("Plat"), lambda dish: dish.name),
    (_("Ce qu’il y a dedans"), lambda dish: dish.description),
    (_("Étiquettes"), lambda dish: dish.labels),
    (_("Pizzeria"), lambda dish: dish.pizzeria),
]

# Of `selectors.eaters_of`.
EATERS: Columns = [
    (_("Nom"), lambda eater: eater.name),
    (_("Équipe"), lambda eater: eater.team and eater.team.name),
    (_("Salle"), lambda eater: eater.team and eater.team.room),
    (_("Étage"), lambda eater: eater.team and eater.team.floor),
    (_("Plat"), lambda eater: eater.dish and eater.dish.name),
    (_("Choisi"), lambda eater: gettext("oui") if eater.chosen else gettext("non")),
    (_("Remis"), lambda eater: eater.served_at),
    (_("Remis par"), lambda eater: eater.served_by),
]
