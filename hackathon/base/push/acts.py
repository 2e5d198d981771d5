from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Notifications"),
    {
        "device.subscribed": _("{who} reçoit les notifications sur un appareil."),
        "device.unsubscribed": _("{who} ne reçoit plus les notifications sur un appareil."),
    },
)
