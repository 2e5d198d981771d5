from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PassagePhase(TextChoices):
    SPEAKING = "speaking", _("présentation")
    QUESTIONS = "questions", _("questions")
