from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PackagesConfig(AppConfig):
    name = "hackathon.extras.packages"
    verbose_name = _("Sujets chargés d’avance")

    def ready(self) -> None:
        from hackathon.extras.packages import receivers  # noqa: F401
