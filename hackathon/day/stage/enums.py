from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scene(TextChoices):
    """Of the core; extras have others. `AUTO` is resolved by `rules.scene_shown`."""

    AUTO = "auto", _("Automatique")
    NIGHT = "night", _("La nuit")
    COUNTDOWN = "countdown", _("Grand compte à rebours")
    DAY = "day", _("La journée")
    ANNOUNCEMENTS = "announcements", _("Annonces")
    ARRIVALS = "arrivals", _("Arrivées")
    SEAL = "seal", _("Le scellé")
    ENVELOPES = "envelopes", _("Les enveloppes")
    CEREMONY = "ceremony", _("La cérémonie")
    PARTNERS = "partners", _("Les partenaires")
    PAUSE = "pause", _("Pause, écran noir")

    @property
    def hint(self) -> str:
        """For the organizer who chooses."""
        return str(HINTS[self])


HINTS = {
    Scene.AUTO: _("suit l’heure et la cérémonie"),
    Scene.NIGHT: _("façade et compte à rebours"),
    Scene.COUNTDOWN: _("le nombre, en grand"),
    Scene.DAY: _("le programme et ses heures"),
    Scene.ANNOUNCEMENTS: _("la dernière, en grand"),
    Scene.ARRIVALS: _("qui vient de tout rendre"),
    Scene.SEAL: _("l’empreinte de ce qui compte"),
    Scene.ENVELOPES: _("les empreintes des décisions"),
    Scene.CEREMONY: _("suit la télécommande"),
    Scene.PARTNERS: _("merci, avec leurs logos"),
    Scene.PAUSE: _("rien, ou presque"),
}
