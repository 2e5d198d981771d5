from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "hackathon.event.partners"
    label = "partners"
    verbose_name = _("Client et partenaires")

    def ready(self) -> None:
        from hackathon.event.partners import receivers  # noqa: F401
