"""The juries in the admin. What is written goes through the services. Marks and decisions are for
superusers alone, to read alone, and only once the results are published: until then the site shows
them to nobody but the juries, and whoever installed it is often an organizer.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hackathon.core import clock
from hackathon.core.errors import Refused
from judging.enums import JurorKind
from judging.models import (
    Award,
    Criterion,
    Deliberation,
    Juror,
    JuryRules,
    Nomination,
    Score,
    ScoreSheet,
)
from judging.setup.services import criteria, method
from judging.setup.services import seats as jury


class ThroughServices(admin.ModelAdmin):
    """Shows what a service refuses on the page it came from; nothing of it was written."""

    actions = None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Add or change."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            return self._say(request, refused)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Delete."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refused:
            return self._say(request, refused)

    def get_deleted_objects(
        self, objs: QuerySet[Any] | Sequence[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Only the thing itself: what hangs on it would betray marks. The service decides."""
        return [str(obj) for obj in objs], {}, set(), []

    def _say(self, request: HttpRequest, refused: Refused) -> HttpResponse:
        messages.error(request, str(refused.refusal))
        return redirect(request.get_full_path())


@admin.register(Juror)
class JurorAdmin(ThroughServices):
    """Seats. What opens them is nobody's to read; who leaves or comes back does so on the site."""

    fields = ["user", "department", "kind", "is_president", "left_at"]
    list_display = ["user", "department", "kind", "is_president", "left_at"]
    list_filter = ["department"]
    list_select_related = ["user", "department"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A seat stays that person's in that jury."""
        return ["user", "department", "left_at"] if obj else ["left_at"]

    def save_model(self, request: HttpRequest, obj: Juror, form: ModelForm, change: bool) -> None:
        """Appoint, or change the seat."""
        seated = jury.appoint(
            department=obj.department,
            email=obj.user.email,
            kind=JurorKind(obj.kind),
            is_president=obj.is_president,
            by=request.user,  # type: ignore[arg-type]
            at=clock.now(),
        )
        obj.pk = seated.pk

    def delete_model(self, request: HttpRequest, obj: Juror) -> None:
        """Dismiss."""
        jury.dismiss(juror=obj, by=request.user, at=clock.now())  # type: ignore[arg-type]


@admin.register(Criterion)
class CriterionAdmin(ThroughServices):
    """What is marked on."""

    list_display = ["name", "department", "weight", "scale", "position"]
    list_filter = ["department"]
    list_select_related = ["department"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A criterion stays in its department."""
        return ["department"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: Criterion, form: ModelForm, change: bool
    ) -> None:
        """Save through the service."""
        criteria.save(
            department=obj.department,
            criterion=obj,
            name=obj.name,
            weight=obj.weight,
            scale=obj.scale,
            guidance=obj.guidance,
            position=obj.position,
            by=request.user,  # type: ignore[arg-type]
            at=clock.now(),
        )

    def delete_model(self, request: HttpRequest, obj: Criterion) -> None:
        """Delete through the service."""
        criteria.delete(criterion=obj, by=request.user, at=clock.now())  # type: ignore[arg-type]


@admin.register(JuryRules)
class JuryRulesAdmin(ThroughServices):
    """How juries work."""

    fields = ["department", "method", "readings", "separation"]
    list_display = ["department", "method", "readings", "separation"]
    list_select_related = ["department"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Rules stay their department's."""
        return ["department"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody: without rules a jury would silently work by others."""
        return False

    def save_model(
        self, request: HttpRequest, obj: JuryRules, form: ModelForm, change: bool
    ) -> None:
        """Choose through the service."""
        chosen = method.choose(
            department=obj.department,
            method=obj.method,
            readings=obj.readings,
            separation=obj.separation,
            by=request.user,  # type: ignore[arg-type]
            at=clock.now(),
        )
        obj.pk = chosen.pk


class Secret(admin.ModelAdmin):
    """Superusers read it once it is public; nobody writes it, whatever permissions a group has."""

    edition: str  # the way to it

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What was published."""
        published = {f"{self.edition}__results_published_at__lte": clock.now()}
        return super().get_queryset(request).filter(**published)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """In the index."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Read."""
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False


class ScoreInline(admin.TabularInline):
    """The marks of a sheet; seen by who may see the sheet."""

    model = Score
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Read."""
        return bool(getattr(request.user, "is_superuser", False))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody."""
        return False


@admin.register(ScoreSheet)
class ScoreSheetAdmin(Secret):
    """Sheets."""

    edition = "juror__department__edition"
    list_display = ["juror", "team", "state", "changed_at"]
    list_filter = ["state", "juror__department"]
    list_select_related = ["juror", "team"]
    exclude = ["notes"]  # the juror's own, and nobody else's
    inlines = [ScoreInline]


class NominationInline(ScoreInline):
    """Whom the jury names."""

    model = Nomination  # type: ignore[assignment]


class AwardInline(ScoreInline):
    """Who wins."""

    model = Award  # type: ignore[assignment]


@admin.register(Deliberation)
class DeliberationAdmin(Secret):
    """Decisions."""

    edition = "department__edition"
    list_display = ["department", "locked_at", "locked_by"]
    list_select_related = ["department", "locked_by"]
    inlines = [NominationInline, AwardInline]
