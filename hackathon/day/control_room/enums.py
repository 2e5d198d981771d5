from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Group(TextChoices):
    """The teams that one message is for."""

    NOTHING = "nothing", _("Rien rendu")
    PARTLY = "partly", _("Rendu en partie")
    CHOSEN = "chosen", _("Équipes choisies")
