"""Closed lists of the deposits' words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeliverableKind(TextChoices):
    """What a deliverable is made of."""

    FILE = "file", _("fichier")
    LINK = "link", _("lien")
    TEXT = "text", _("texte")


class Punctuality(TextChoices):
    """How a deposit stands to the deadline; computed, never stored."""

    ON_TIME = "on_time", _("à l’heure")
    IN_GRACE = "in_grace", _("dans la marge")
    LATE = "late", _("en retard")


class ProgressState(TextChoices):
    """The four states of a window of the façade."""

    NOTHING = "nothing", _("rien encore")
    SOMETHING = "something", _("en partie")
    COMPLETE = "complete", _("tout rendu")
    LATE = "late", _("en retard")


class Health(TextChoices):
    """What a look inside a submission found: the light beside it."""

    PENDING = "pending", _("vérification en cours")
    GOOD = "good", _("s’ouvre bien")
    DOUBTFUL = "doubtful", _("à vérifier")
    BROKEN = "broken", _("ne s’ouvre pas")


class SealMoment(TextChoices):
    """The instants that are sealed."""

    DEADLINE = "deadline", _("à l’heure limite")
    GRACE = "grace", _("après la marge")
    DELAYS = "delays", _("après le dernier délai accordé")
