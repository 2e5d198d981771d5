from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WitnessConfig(AppConfig):
    name = "hackathon.extras.witness"
    verbose_name = _("Horodatage")

    def ready(self) -> None:
        from hackathon.extras.witness import checks, receivers  # noqa: F401
