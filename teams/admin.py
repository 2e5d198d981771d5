from django.contrib import admin

from hackathon.base.core.admin import ReadOnlyAdmin
from teams.models import Duty, HelpRequest, Membership, Student, Team


class Members(admin.TabularInline):
    model = Membership
    fields = readonly_fields = ("user", "is_captain", "joined_at")
    can_delete = False
    max_num = 0


@admin.register(Team)
class TeamAdmin(ReadOnlyAdmin):
    list_display = ("name", "department", "room", "floor", "join_code", "registered_at")
    list_filter = ("edition", "department")
    list_select_related = ("department",)
    search_fields = ("name", "room", "join_code", "memberships__user__email")
    fields = (*Team.EDITABLE, "edition", "department", "join_code", "registered_at")
    inlines = [Members]


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "team", "is_captain", "joined_at")
    list_filter = ("edition", "is_captain")
    list_select_related = ("user", "team")
    search_fields = ("user__email", "user__name", "team__name")


@admin.register(Student)
class StudentAdmin(ReadOnlyAdmin):
    list_display = ("user", "number", "department", "programme", "group")
    list_filter = ("edition", "department")
    list_select_related = ("user", "department")
    search_fields = ("user__email", "user__name", "number", "group")


@admin.register(Duty)
class DutyAdmin(ReadOnlyAdmin):
    list_display = ("user", "kind", "department", "edition")
    list_filter = ("edition", "kind")
    list_select_related = ("user", "department", "edition")
    search_fields = ("user__email", "user__name")


@admin.register(HelpRequest)
class HelpRequestAdmin(ReadOnlyAdmin):
    list_display = ("team", "kind", "state", "requested_at", "claimed_at", "claimed_by")
    list_filter = ("team__edition", "kind", "state")
    list_select_related = ("team", "claimed_by")
    search_fields = ("team__name",)
