"""Closed lists of the edition's words. Labels are French, as everything that is shown."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scene(TextChoices):
    """What a projector shows. What `AUTO` stands for follows from the clock (`rules.screens`)."""

    AUTO = "auto", _("Automatique")
    NIGHT = "night", _("La nuit")
    COUNTDOWN = "countdown", _("Grand compte à rebours")
    DAY = "day", _("La journée")
    ANNOUNCEMENTS = "announcements", _("Annonces")
    ARRIVALS = "arrivals", _("Arrivées")
    SEAL = "seal", _("Le scellé")
    ENVELOPES = "envelopes", _("Les enveloppes")
    CEREMONY = "ceremony", _("La cérémonie")
    PAUSE = "pause", _("Pause, écran noir")
