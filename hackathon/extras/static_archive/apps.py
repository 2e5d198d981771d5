from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaticArchiveConfig(AppConfig):
    name = "hackathon.extras.static_archive"
    label = "static_archive"
    verbose_name = _("Pages publiques en fichiers")
