"""For superusers, who are often organizers: they must see no marks before the publication."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from hackathon.base.core import clock, journal
from hackathon.base.core.admin import ReadOnlyAdmin, ServiceAdmin
from judging.enums import JurorKind
from judging.models import (
    Award,
    Criterion,
    Deliberation,
    Juror,
    JuryRules,
    Nomination,
    NominationSeal,
    PassageMark,
    Score,
    ScoreSheet,
)
from judging.setup.services import criteria, method, seats


class JuryAdmin(ServiceAdmin):
    actions = None

    def get_deleted_objects(
        self, objs: QuerySet[Any] | Sequence[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Without related objects, which would show marks."""
        return [str(obj) for obj in objs], {}, set(), []


@admin.register(Juror)
class JurorAdmin(JuryAdmin):
    fields = ["user", "department", "kind", "is_president", "left_at"]
    list_display = ["user", "department", "kind", "is_president", "left_at"]
    list_filter = ["department"]
    list_select_related = ["user", "department"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["user", "department", "left_at"] if obj else ["left_at"]

    def save_model(self, request: HttpRequest, obj: Juror, form: ModelForm, change: bool) -> None:
        juror = seats.appoint(
            department=obj.department,
            email=obj.user.email,
            kind=JurorKind(obj.kind),
            is_president=obj.is_president,
            by=request.user,  # type: ignore[arg-type]
            at=clock.now(),
        )
        obj.pk = juror.pk

    def delete_model(self, request: HttpRequest, obj: Juror) -> None:
        seats.dismiss(juror=obj, by=request.user, at=clock.now())  # type: ignore[arg-type]


@admin.register(Criterion)
class CriterionAdmin(JuryAdmin):
    list_display = ["name", "department", "weight", "scale", "position"]
    list_filter = ["department"]
    list_select_related = ["department"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["department"] if obj else []

    def save_model(
        self, request: HttpRequest, obj: Criterion, form: ModelForm, change: bool
    ) -> None:
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
        criteria.delete(criterion=obj, by=request.user, at=clock.now())  # type: ignore[arg-type]


@admin.register(JuryRules)
class JuryRulesAdmin(JuryAdmin):
    fields = ["department", "method", "readings", "separation"]
    list_display = ["department", "method", "readings", "separation"]
    list_select_related = ["department"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["department"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Without its row a jury would silently use the defaults."""
        return False

    def save_model(
        self, request: HttpRequest, obj: JuryRules, form: ModelForm, change: bool
    ) -> None:
        chosen = method.choose(
            department=obj.department,
            method=obj.method,
            readings=obj.readings,
            separation=obj.separation,
            by=request.user,  # type: ignore[arg-type]
            at=clock.now(),
        )
        obj.pk = chosen.pk


class PublishedOnly(ReadOnlyAdmin):
    """Once the results are published."""

    department: str  # its lookup

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        published = {
            f"{self.department}__held_back_at": None,
            f"{self.department}__edition__results_published_at__lte": clock.now(),
        }
        return super().get_queryset(request).filter(**published)


class ScoreInline(admin.TabularInline):
    model = Score
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(ScoreSheet)
class ScoreSheetAdmin(PublishedOnly):
    department = "juror__department"
    list_display = ["juror", "team", "state", "changed_at"]
    list_filter = ["state", "juror__department"]
    list_select_related = ["juror", "team"]
    exclude = ["notes"]  # only the juror may read them
    inlines = [ScoreInline]

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (sheet := self.get_object(request, object_id)) is not None:
            journal.record_view("sheet.viewed", sheet, by=request.user, at=clock.now())
        return super().change_view(request, object_id, *args, **kwargs)


class NominationInline(ScoreInline):
    model = Nomination  # type: ignore[assignment]


class AwardInline(ScoreInline):
    model = Award  # type: ignore[assignment]


@admin.register(Deliberation)
class DeliberationAdmin(PublishedOnly):
    department = "department"
    list_display = ["department", "locked_at", "locked_by"]
    list_select_related = ["department", "locked_by"]
    inlines = [NominationInline, AwardInline]


@admin.register(NominationSeal)
class NominationSealAdmin(PublishedOnly):
    department = "deliberation__department"
    list_display = ["deliberation", "locked_at", "locked_by"]
    list_select_related = ["deliberation", "locked_by"]


@admin.register(PassageMark)
class PassageMarkAdmin(PublishedOnly):
    department = "team__department"
    list_display = ["juror", "team", "criterion", "value"]
    list_select_related = ["juror", "team", "criterion"]
