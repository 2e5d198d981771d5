from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TickKind(TextChoices):
    """`SAID`: by the person, before somebody confirms it. `UNDONE`: as if nothing was ticked."""

    SAID = "said", _("dit être là")
    HERE = "here", _("présent")
    LEFT = "left", _("parti")
    UNDONE = "undone", _("pas encore vu")


class PersonFilter(TextChoices):
    ALL = "", _("Tout le monde")
    INSIDE = "inside", _("Dans le bâtiment")
    LEFT = "left", _("Partis")
    SAID = "said", _("À confirmer")
    UNSEEN = "unseen", _("Jamais vus")
    NOTED = "noted", _("Notés absents")
