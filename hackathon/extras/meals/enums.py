from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EaterFilter(TextChoices):
    ALL = "", _("Tout le monde")
    CHOSEN = "chosen", _("Ont choisi")
    MISSING = "missing", _("N’ont rien choisi")
    WITHOUT = "without", _("Sans aucun plat")
    NEEDS = "needs", _("Ont des besoins alimentaires")
    WAITING = "waiting", _("N’ont pas encore eu leur repas")
    SERVED = "served", _("Ont eu leur repas")
