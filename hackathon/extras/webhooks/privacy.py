from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import SERVER, Kept, Reader, registry
from hackathon.extras.webhooks.models import Delivery, Webhook
from hackathon.extras.webhooks.rules import LOG_KEPT

registry.declare(
    Delivery,
    "body error",
    SERVER,
    _("Les nouvelles envoyées aux programmes que l’organisation a choisis"),
    kept=Kept(_("%(days)s jours") % {"days": LOG_KEPT.days}, "webhooks-log"),
    edition="webhook__edition",
    exported=None,
    readers=(Reader.ORGANIZERS,),
)
registry.not_personal("an event", Delivery, only="type")
registry.actor(Webhook, "created_by", _("Les webhooks que vous créez"))
registry.not_personal("an address of a program", Webhook, only="name url topics secret")
