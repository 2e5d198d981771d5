from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProofsConfig(AppConfig):
    name = "hackathon.extras.proofs"
    label = "proofs"
    verbose_name = _("Preuves de dépôt")
