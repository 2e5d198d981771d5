from django.contrib import admin

from hackathon.announcements.models import Announcement
from hackathon.core.admin import ReadOnlyAdmin


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    list_display = ["published_at", "audience_label", "published_by", "edition"]
    list_filter = ["edition"]
    list_select_related = ["edition", "published_by"]
    search_fields = ["body"]
