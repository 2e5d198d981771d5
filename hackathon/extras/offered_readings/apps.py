from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfferedReadingsConfig(AppConfig):
    name = "hackathon.extras.offered_readings"
    verbose_name = _("Lectures proposées")

    def ready(self) -> None:
        from hackathon.extras.offered_readings import receivers  # noqa: F401
