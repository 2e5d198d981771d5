from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JudgingConfig(AppConfig):
    """Juries, marks, deliberations, awards."""

    name = "judging"
    verbose_name = _("Jurys")

    def ready(self) -> None:
        """Listen to the apps below."""
        from judging import receivers  # noqa: F401
