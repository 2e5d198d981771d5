from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """What teams hand in, and until when."""

    name = "submissions"
    verbose_name = "Dépôts"

    def ready(self) -> None:
        """Hear the news from below."""
        from submissions import receivers  # noqa: F401
