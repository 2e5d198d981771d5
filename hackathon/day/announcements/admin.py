from django.contrib import admin

from hackathon.base.core.admin import ReadOnlyAdmin
from hackathon.day.announcements.models import Announcement


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    list_display = ["published_at", "audience_label", "published_by", "edition"]
    list_filter = ["edition"]
    list_select_related = ["edition", "published_by"]
    search_fields = ["body"]
