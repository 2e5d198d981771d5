from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class GradeKind(TextChoices):
    """What a person has in place of the mark of the team."""

    ABSENT = "absent", _("absent (ABS)")
    MARK = "mark", _("une autre note")
    NONE = "none", _("pas de note")
