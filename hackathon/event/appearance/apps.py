from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppearanceConfig(AppConfig):
    name = "hackathon.event.appearance"
    label = "appearance"
    verbose_name = _("Apparence")

    def ready(self) -> None:
        from hackathon.event.appearance import privacy, receivers  # noqa: F401
