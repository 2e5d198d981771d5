from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Dépôts")

    def ready(self) -> None:
        from submissions import receivers  # noqa: F401
