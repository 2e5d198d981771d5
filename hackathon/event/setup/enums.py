from django.db.models import TextChoices


class StateChange(TextChoices):
    SHOW = "show"
    HIDE = "hide"
    ARCHIVE = "archive"
    DELETE = "delete"
