from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TeamsConfig(AppConfig):
    """Teams, their members, their room."""

    name = "teams"
    verbose_name = _("Équipes")
