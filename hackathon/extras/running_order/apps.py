from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RunningOrderConfig(AppConfig):
    name = "hackathon.extras.running_order"
    verbose_name = _("Déroulé de l’organisation")

    def ready(self) -> None:
        from hackathon.extras.running_order import receivers  # noqa: F401
