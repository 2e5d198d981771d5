from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PresenceConfig(AppConfig):
    name = "hackathon.extras.presence"
    verbose_name = _("Présence")

    def ready(self) -> None:
        from hackathon.extras.presence import receivers  # noqa: F401
