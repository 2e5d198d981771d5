from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StepState(TextChoices):
    DONE = "done", _("Fait :")
    MISSING = "missing", _("Manque :")
    ODD = "odd", _("À vérifier :")
    OPTIONAL = "optional", _("Peut attendre :")


class StateChange(TextChoices):
    SHOW = "show"
    HIDE = "hide"
    ARCHIVE = "archive"
    DELETE = "delete"
