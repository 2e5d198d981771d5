from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RehearsalConfig(AppConfig):
    name = "hackathon.extras.trial_runs"
    label = "rehearsal"
    verbose_name = _("Répétition")
