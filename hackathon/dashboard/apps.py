from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """The control room, the projector, the public pages: looks over all apps."""

    name = "hackathon.dashboard"
    label = "dashboard"
    verbose_name = "Pilotage"

    def ready(self) -> None:
        """Listen to the apps below."""
        from hackathon.dashboard import receivers  # noqa: F401
