from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StageConfig(AppConfig):
    name = "hackathon.day.stage"
    label = "stage"
    verbose_name = _("Écrans")

    def ready(self) -> None:
        from hackathon.day.stage import receivers  # noqa: F401
