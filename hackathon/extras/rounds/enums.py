from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Progress(TextChoices):
    """How a team says that it gets on."""

    FINE = "fine", _("Tout va bien")
    BEHIND = "behind", _("Un peu en retard")
    STUCK = "stuck", _("Très en retard ou bloqués")


LATE = (Progress.STUCK, Progress.BEHIND)
