from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Page, registry

registry.add(
    Extra(
        "years",
        _("Les années côte à côte"),
        _("L’édition est comparée aux autres : participation, rendus, notes, attentes."),
        (Concerns.ORGANIZERS,),
        overviews=(Page("years:index", _("Comparer les années"), "chart-bar"),),
    )
)
