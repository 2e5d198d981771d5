from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeliverableKind(TextChoices):
    FILE = "file", _("fichier")
    LINK = "link", _("lien")
    TEXT = "text", _("texte")


class Punctuality(TextChoices):
    """Of a deposit, relative to the deadline. Computed, never stored."""

    ON_TIME = "on_time", _("à l’heure")
    IN_GRACE = "in_grace", _("dans la marge")
    LATE = "late", _("en retard")


class ProgressState(TextChoices):
    """Shown as a window: dark, half lit, lit or hatched."""

    NOTHING = "nothing", _("rien encore")
    SOMETHING = "something", _("en partie")
    COMPLETE = "complete", _("tout rendu")
    LATE = "late", _("en retard")


class Health(TextChoices):
    PENDING = "pending", _("vérification en cours")
    GOOD = "good", _("s’ouvre bien")
    DOUBTFUL = "doubtful", _("à vérifier")
    BROKEN = "broken", _("ne s’ouvre pas")


OPENS = (Health.GOOD, Health.DOUBTFUL)


class SealMoment(TextChoices):
    DEADLINE = "deadline", _("à l’heure limite")
    GRACE = "grace", _("après la marge")
    DELAYS = "delays", _("après le dernier délai accordé")
    ANNOUNCED = "promises", _("après l’attente des fichiers annoncés")
