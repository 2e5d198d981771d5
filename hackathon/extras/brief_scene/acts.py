from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Écrans"),
    {
        "brief_scene.changed": _("{who} a modifié la scène du sujet."),
        "projector.readied": _("La salle du projecteur « {name} » est dite prête."),
        "projector.unreadied": _("La salle du projecteur « {name} » n’est plus dite prête."),
    },
)
