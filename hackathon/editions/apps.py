from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EditionsConfig(AppConfig):
    """One year's event: its departments, its instants, its briefs, its announcements."""

    name = "hackathon.editions"
    label = "editions"
    verbose_name = _("Éditions")
