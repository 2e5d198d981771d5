from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PushConfig(AppConfig):
    name = "hackathon.base.push"
    label = "push"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from hackathon.base.push import receivers  # noqa: F401

        autodiscover_modules("notifications")
