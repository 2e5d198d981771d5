from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "hackathon.extras.webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from hackathon.extras.webhooks import receivers  # noqa: F401
