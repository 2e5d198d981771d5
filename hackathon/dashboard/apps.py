from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    """The control room, the projector, the public pages: looks over all apps."""

    name = "hackathon.dashboard"
    label = "dashboard"
    verbose_name = _("Pilotage")

    def ready(self) -> None:
        """Listen to the apps below."""
        from hackathon.dashboard import receivers  # noqa: F401
