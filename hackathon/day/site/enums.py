from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Audit(TextChoices):
    """Whether the accessibility of the site was audited."""

    NONE = "none", _("Aucun audit n’a été fait")
    DONE = "done", _("Un audit a été fait")


class Conformity(TextChoices):
    """To the standard of accessibility (RGAA), in the words of the law."""

    NONE = "none", _("non conforme")
    PARTIAL = "partial", _("partiellement conforme")
    FULL = "full", _("totalement conforme")
