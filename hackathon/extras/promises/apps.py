from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromisesConfig(AppConfig):
    name = "hackathon.extras.promises"
    verbose_name = _("Rendre sans réseau")

    def ready(self) -> None:
        from hackathon.extras.promises import receivers  # noqa: F401
