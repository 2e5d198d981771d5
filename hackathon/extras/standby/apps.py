from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandbyConfig(AppConfig):
    name = "hackathon.extras.standby"
    verbose_name = _("Second serveur")
