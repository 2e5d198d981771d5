from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Déroulé de l’organisation"),
    {
        "steps.proposed": _("{who} a rempli le déroulé de l’organisation ({count} lignes)."),
        "step.saved": _("{who} a enregistré l’étape « {title} » du déroulé."),
        "step.deleted": _("{who} a retiré l’étape « {title} » du déroulé."),
        "step.done": _("{who} a coché l’étape « {title} »."),
        "step.undone": _("{who} a décoché l’étape « {title} »."),
    },
)
