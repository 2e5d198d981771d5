from django.contrib import admin

from hackathon.announcements.models import Announcement
from hackathon.editions.admin import OrganizersAdmin


@admin.register(Announcement)
class AnnouncementAdmin(OrganizersAdmin):
    list_display = ["published_at", "audience_label", "published_by", "edition"]
    list_filter = ["edition"]
    list_select_related = ["edition", "published_by"]
    search_fields = ["body"]
