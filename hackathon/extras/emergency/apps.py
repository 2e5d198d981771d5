from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmergencyConfig(AppConfig):
    name = "hackathon.extras.emergency"
    verbose_name = _("En cas de problème")

    def ready(self) -> None:
        from hackathon.extras.emergency import receivers  # noqa: F401
