from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WitnessConfig(AppConfig):
    name = "hackathon.witness"
    label = "witness"
    verbose_name = _("Horodatage")

    def ready(self) -> None:
        from hackathon.witness import acts, checks  # noqa: F401
