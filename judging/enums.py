"""Closed lists of the judging words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JurorKind(TextChoices):
    """In what quality somebody sits in a jury."""

    TEACHER = "teacher", _("équipe enseignante")
    CLIENT = "client", _("commanditaire")


class SheetState(TextChoices):
    """A sheet is worked on, or finished and counted."""

    DRAFT = "draft", _("brouillon")
    FINAL = "final", _("terminée")
