from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Photos de la journée"),
    {
        "photographs.added": _("{who} a ajouté des photos de la journée ({n})."),
        "photograph.changed": _("{who} a réglé une photo de la journée."),
        "photograph.removed": _("{who} a supprimé une photo de la journée."),
    },
)
