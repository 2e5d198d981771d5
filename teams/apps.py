from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Teams, their members, their room."""

    name = "teams"
    verbose_name = "Équipes"
