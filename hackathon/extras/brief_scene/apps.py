from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefSceneConfig(AppConfig):
    name = "hackathon.extras.brief_scene"
    verbose_name = _("Scène « Le sujet »")

    def ready(self) -> None:
        from hackathon.extras.brief_scene import receivers  # noqa: F401
