from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class WebhookRefusal(RefusalCode):
    ADDRESS = (
        "webhook_address",
        _("Donnez une adresse publique en https, sans numéro de port : https://exemple.fr/…"),
    )
    MANY = "webhooks_many", _("Une édition a {most} webhooks au plus.")
