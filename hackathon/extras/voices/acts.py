from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Avis des participants"),
    {
        "survey.changed": _("{who} a changé les questions aux participants."),
        "sentence.accepted": _("{who} a accepté une phrase pour la page de la presse."),
        "sentence.hidden": _("{who} a retiré une phrase de la page de la presse."),
    },
)
