from django.contrib import admin

from hackathon.base.core.admin import ReadOnlyAdmin
from hackathon.day.questions.models import Question


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    """The list shows neither team nor text: other people may see the screen."""

    list_display = ["asked_at", "department", "to", "topic", "state"]
    list_filter = ["department", "state"]
    list_select_related = ["department"]
