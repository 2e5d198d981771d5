from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry
from hackathon.event.imports.enums import ImportKind

registry.add(
    _("Importations"),
    {
        "import.applied": _(
            "{who} a importé une liste ({kind}) ; nouvelles : {created}, modifiées : {updated}."
        ),
        "teams.completed": _("{who} a complété les équipes : {created} places."),
        "import.undone": _("{who} a annulé l’importation d’une liste ({kind})."),
    },
    kind=ImportKind,
)
