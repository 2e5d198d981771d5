from django.contrib import admin

from hackathon.base.core.admin import ReadOnlyAdmin
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Brief, Department, Edition, Milestone


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug", "starts_at", "deadline_at", "is_current"]
    search_fields = ["name", "slug"]


@admin.register(Department)
class DepartmentAdmin(ReadOnlyAdmin):
    list_display = ["name", "code", "edition", "position"]
    list_filter = ["edition"]
    list_select_related = ["edition"]


@admin.register(Milestone)
class MilestoneAdmin(ReadOnlyAdmin):
    list_display = ["label", "kind", "at", "edition"]
    list_filter = ["edition", "kind"]
    list_select_related = ["edition"]


@admin.register(Brief)
class BriefAdmin(ReadOnlyAdmin):
    """The list shows no title: others may see the screen."""

    list_display = ["department", "published_at"]
    list_select_related = ["department"]


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "act", "target", "by"]
    list_filter = ["act"]
    list_select_related = ["by"]
    search_fields = ["target", "by__email"]
    date_hierarchy = "at"
