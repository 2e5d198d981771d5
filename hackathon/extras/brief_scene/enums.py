from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ShowKind(TextChoices):
    """What is between the client and the titles in the scene « Le sujet »."""

    NONE = "none", _("rien")
    SLIDES = "slides", _("des diapositives")
    FILM = "film", _("un film")
