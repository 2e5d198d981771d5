"""Editions in Django's admin: to look at. Everything is changed on the pages of the set-up, which
call the services; a second way to write would pass the rules by.
"""

from django.contrib import admin

from hackathon.editions.admin import OrganizersAdmin
from hackathon.questions.models import Question


@admin.register(Question)
class QuestionAdmin(OrganizersAdmin):
    """Questions. The list shows neither team nor text: it is open on a screen that others see."""

    edition_path = "department__edition"
    list_display = ["asked_at", "department", "to", "topic", "state"]
    list_filter = ["department", "state"]
    list_select_related = ["department"]
