from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    """What teams hand in, and until when."""

    name = "submissions"
    verbose_name = _("Dépôts")

    def ready(self) -> None:
        """Hear the news from below."""
        from submissions import receivers  # noqa: F401
