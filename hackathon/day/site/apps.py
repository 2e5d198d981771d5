from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "hackathon.day.site"
    label = "site"
    verbose_name = _("Site")

    def ready(self) -> None:
        from hackathon.day.site import fragments  # noqa: F401 - registers them
