from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Of a photograph. The first one that holds decides."""

    UNNAMED = "unnamed", _("à nommer")
    REFUSED = "refused", _("refusée par une personne")
    WAITING = "waiting", _("attend des réponses")
    LATER = "later", _("paraîtra avec les résultats")
    SHOWN = "shown", _("publique")
