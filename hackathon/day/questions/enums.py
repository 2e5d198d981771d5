from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Addressee(TextChoices):
    ORGANIZERS = "organizers", _("l’organisation")
    CLIENT = "client", _("le client")


class Topic(TextChoices):
    BRIEF = "brief", _("le sujet")
    DELIVERABLE = "deliverable", _("un livrable")
    PRACTICAL = "practical", _("l’organisation pratique")
    OTHER = "other", _("autre chose")


class QuestionState(TextChoices):
    OPEN = "open", _("à prendre")
    TAKEN = "taken", _("en cours")
    ANSWERED = "answered", _("répondue")
    CLOSED = "closed", _("close")


class PublishTo(TextChoices):
    DEPARTMENT = "department", _("le département")
    EVERYONE = "everyone", _("tous")
