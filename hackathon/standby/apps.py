from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandbyConfig(AppConfig):
    name = "hackathon.standby"
    label = "standby"
    verbose_name = _("Second serveur")

    def ready(self) -> None:
        from hackathon.standby import acts  # noqa: F401
