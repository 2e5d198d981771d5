from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VoicesConfig(AppConfig):
    name = "hackathon.extras.voices"
    verbose_name = _("Avis des participants")
