from django.apps import AppConfig


class JudgingConfig(AppConfig):
    """Juries, marks, deliberations, awards."""

    name = "judging"
    verbose_name = "Jurys"
