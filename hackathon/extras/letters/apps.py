from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "hackathon.extras.letters"
    verbose_name = _("Lettres du jury")

    def ready(self) -> None:
        from hackathon.extras.letters import receivers  # noqa: F401
