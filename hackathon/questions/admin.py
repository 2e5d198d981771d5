from django.contrib import admin

from hackathon.editions.admin import OrganizersAdmin
from hackathon.questions.models import Question


@admin.register(Question)
class QuestionAdmin(OrganizersAdmin):
    """The list shows neither team nor text: other people may see the screen."""

    edition_path = "department__edition"
    list_display = ["asked_at", "department", "to", "topic", "state"]
    list_filter = ["department", "state"]
    list_select_related = ["department"]
