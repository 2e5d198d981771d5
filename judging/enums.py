"""Closed lists of the judging words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JurorKind(TextChoices):
    """In what quality somebody sits in a jury."""

    TEACHER = "teacher", _("équipe enseignante")
    CLIENT = "client", _("client")


class ReadingKind(TextChoices):
    """Why a juror reads a team. Only what a plan gave does it take away again."""

    PLANNED = "planned", _("du plan")
    GIVEN = "given", _("ajoutée par l’organisation")
    SECOND = "second", _("seconde lecture")


class SheetState(TextChoices):
    """A sheet is worked on, or finished and counted."""

    DRAFT = "draft", _("brouillon")
    FINAL = "final", _("terminée")


class ChangeKind(TextChoices):
    """What a change of a sheet touches."""

    MARK = "mark", _("note")
    COMMENT = "comment", _("commentaire")
    NOTES = "notes", _("notes personnelles")
    FINISH = "finish", _("terminée")
    REOPEN = "reopen", _("rouverte")


class Method(TextChoices):
    """How marks become a ranking: the methods of `judging.ranking.standings`."""

    HARMONISED = "harmonised", _("moyenne harmonisée")
    MEAN = "mean", _("moyenne simple")
    MEDIAN = "median", _("médiane")
