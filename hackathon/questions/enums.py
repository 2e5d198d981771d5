"""Closed lists of the edition's words. Labels are French, as everything that is shown."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Addressee(TextChoices):
    """Whom a team asks."""

    ORGANIZERS = "organizers", _("l’organisation")
    CLIENT = "client", _("le client")


class Topic(TextChoices):
    """What a question is about. Those about the work wait for the brief."""

    BRIEF = "brief", _("le sujet")
    DELIVERABLE = "deliverable", _("un livrable")
    PRACTICAL = "practical", _("l’organisation pratique")
    OTHER = "other", _("autre chose")


class QuestionState(TextChoices):
    """How far a question is; of a closed one `duplicate_of` says whether it was asked before."""

    OPEN = "open", _("à prendre")
    TAKEN = "taken", _("en cours")
    ANSWERED = "answered", _("répondue")
    CLOSED = "closed", _("close")


class PublishTo(TextChoices):
    """Who reads an answer besides the team that asked."""

    DEPARTMENT = "department", _("le département")
    EVERYONE = "everyone", _("tous")
