from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "hackathon.event.imports"
    label = "imports"
    verbose_name = _("Importations")

    def ready(self) -> None:
        from hackathon.event.imports import receivers  # noqa: F401
