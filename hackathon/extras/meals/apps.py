from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MealsConfig(AppConfig):
    name = "hackathon.extras.meals"
    verbose_name = _("Repas")

    def ready(self) -> None:
        from hackathon.extras.meals import receivers  # noqa: F401
