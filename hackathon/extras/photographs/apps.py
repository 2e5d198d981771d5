from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PhotographsConfig(AppConfig):
    name = "hackathon.extras.photographs"
    verbose_name = _("Photos de la journée")

    def ready(self) -> None:
        from hackathon.extras.photographs import receivers  # noqa: F401
