from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FavouriteConfig(AppConfig):
    name = "hackathon.extras.favourite"
    verbose_name = _("Coup de cœur")

    def ready(self) -> None:
        from hackathon.extras.favourite import receivers  # noqa: F401
