from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundsConfig(AppConfig):
    name = "hackathon.extras.rounds"
    verbose_name = _("Ronde")

    def ready(self) -> None:
        from hackathon.extras.rounds import receivers  # noqa: F401
