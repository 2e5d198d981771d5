"""Editions in Django's admin: to look at. Everything is changed on the pages of the set-up, which
call the services; a second way to write would pass the rules by.
"""

from django.contrib import admin

from hackathon.announcements.models import Announcement
from hackathon.editions.admin import OrganizersAdmin


@admin.register(Announcement)
class AnnouncementAdmin(OrganizersAdmin):
    """What was announced, to whom, by whom."""

    list_display = ["published_at", "audience_label", "published_by", "edition"]
    list_filter = ["edition"]
    list_select_related = ["edition", "published_by"]
    search_fields = ["body"]
