from typing import cast

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.admin import ReadOnlyAdmin, ServiceAdmin
from teams.models import Duty, HelpRequest, Membership, Student, Team
from teams.services import teams


class Members(admin.TabularInline):
    model = Membership
    fields = readonly_fields = ("user", "is_captain", "joined_at")
    can_delete = False
    max_num = 0


@admin.register(Team)
class TeamAdmin(ServiceAdmin, ReadOnlyAdmin):
    list_display = ("name", "department", "room", "floor", "join_code", "registered_at")
    list_filter = ("edition", "department")
    list_select_related = ("department",)
    search_fields = ("name", "room", "join_code", "memberships__user__email")
    readonly_fields = ("edition", "department", "join_code", "registered_at")
    fields = (*Team.EDITABLE, *readonly_fields)
    inlines = [Members]

    def has_change_permission(self, request: HttpRequest, obj: Team | None = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def save_model(self, request: HttpRequest, obj: Team, form: ModelForm, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        teams.edit(obj, by=cast(User, request.user), at=clock.now(), **changes)


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
