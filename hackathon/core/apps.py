from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The ground every app stands on: clock, errors, live hub, journal, uploads."""

    name = "hackathon.core"
    label = "core"
    verbose_name = _("Socle")
