from django.apps import AppConfig


class JudgingConfig(AppConfig):
    """Juries, marks, deliberations, awards."""

    name = "judging"
    verbose_name = "Jurys"

    def ready(self) -> None:
        """Listen to the apps below."""
        from judging import receivers  # noqa: F401
