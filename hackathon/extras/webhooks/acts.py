from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry
from hackathon.extras.webhooks.enums import Topic

registry.add(
    _("Webhooks"),
    {
        "webhook.created": _("{who} a créé le webhook « {name} » ({topics})."),
        "webhook.enabled": _("{who} a remis en marche le webhook « {name} »."),
        "webhook.disabled": _("{who} a arrêté le webhook « {name} »."),
        "webhook.deleted": _("{who} a supprimé le webhook « {name} »."),
    },
    topics=Topic,
)
