from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "hackathon.imports"
    label = "imports"
    verbose_name = _("Importations")

    def ready(self) -> None:
        from hackathon.imports import receivers  # noqa: F401
