from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PassagesConfig(AppConfig):
    name = "hackathon.extras.passages"
    verbose_name = _("Passages sur scène")

    def ready(self) -> None:
        from hackathon.extras.passages import receivers  # noqa: F401
