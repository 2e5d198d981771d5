from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GalleryConfig(AppConfig):
    name = "hackathon.extras.gallery"
    verbose_name = _("Galerie")

    def ready(self) -> None:
        from hackathon.extras.gallery import receivers  # noqa: F401
