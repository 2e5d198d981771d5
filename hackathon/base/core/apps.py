from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "hackathon.base.core"
    label = "core"
    verbose_name = _("Socle")

    def ready(self) -> None:
        # Makes `shared_task` use this Celery application. Not in `hackathon/__init__.py`: the
        # process that opens untrusted files imports a module of this package.
        from hackathon.base.core import extras, outbound
        from hackathon.celery import app

        outbound.is_open = lambda: settings.OUTBOUND
        # Each of these modules registers its declarations when it is imported.
        autodiscover_modules("acts", "preflight", "privacy", "extra")
        for extra in extras.registry:
            app.conf.beat_schedule |= extra.periodic
