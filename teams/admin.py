"""Teams in the admin: to read, and to mend words. Seats change through the organizers' list."""

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest

from hackathon.accounts.selectors import person
from hackathon.core import clock
from hackathon.core.errors import Refused
from teams.models import Duty, HelpRequest, Membership, Team
from teams.services import teams


class ReadOnly:
    """Nothing is added or deleted here: that takes locks, rules and messages."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


class Members(ReadOnly, admin.TabularInline):
    """Who is in the team."""

    model = Membership
    fields = readonly_fields = ("user", "is_captain", "joined_at")
    extra = 0


@admin.register(Team)
class TeamAdmin(ReadOnly, admin.ModelAdmin):
    """One team; name, room, floor and project are saved by the service."""

    list_display = ("name", "department", "room", "floor", "join_code", "registered_at")
    list_filter = ("edition", "department")
    list_select_related = ("department",)
    search_fields = ("name", "room", "join_code", "memberships__user__email")
    readonly_fields = ("edition", "department", "join_code", "registered_at")
    inlines = [Members]

    def save_model(self, request: HttpRequest, obj: Team, form: ModelForm, change: bool) -> None:
        """Through the service, as everywhere; a refusal is shown, nothing is saved."""
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            teams.edit(obj, by=person(request), at=clock.now(), **fields)
        except Refused as refused:
            messages.error(request, str(refused.refusal))


@admin.register(Membership)
class MembershipAdmin(ReadOnly, admin.ModelAdmin):
    """All seats, to search in."""

    list_display = ("user", "team", "is_captain", "joined_at")
    list_filter = ("edition", "is_captain")
    list_select_related = ("user", "team")
    search_fields = ("user__email", "user__name", "team__name")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


@admin.register(Duty)
class DutyAdmin(ReadOnly, admin.ModelAdmin):
    """Who answers calls; changed on the organizers' page."""

    list_display = ("user", "kind", "department", "edition")
    list_filter = ("edition", "kind")
    list_select_related = ("user", "department", "edition")
    search_fields = ("user__email", "user__name")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


@admin.register(HelpRequest)
class HelpRequestAdmin(ReadOnly, admin.ModelAdmin):
    """All calls, to look back at."""

    list_display = ("team", "kind", "state", "requested_at", "claimed_at", "claimed_by")
    list_filter = ("team__edition", "kind", "state")
    list_select_related = ("team", "claimed_by")
    search_fields = ("team__name",)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False
