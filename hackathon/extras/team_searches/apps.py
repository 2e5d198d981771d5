from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TeamSearchesConfig(AppConfig):
    name = "hackathon.extras.team_searches"
    verbose_name = _("Recherches d’équipe")

    def ready(self) -> None:
        from hackathon.extras.team_searches import receivers  # noqa: F401
