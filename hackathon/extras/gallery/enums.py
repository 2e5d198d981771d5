from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Opening(TextChoices):
    HAND_IN = "hand_in", _("Dès que plus aucune équipe ne peut rendre, marge et délais compris")
    RESULTS = "results", _("Avec les résultats")
    INSTANT = "instant", _("À une heure choisie")


class Way(StrEnum):
    """How somebody enters the gallery. It begins the names of the addresses."""

    PARTICIPANT = "own"
    GUEST = "guest"
    PUBLIC = "public"


class ItemKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"
    PDF = "pdf"
    LINK = "link"
    TEXT = "text"
