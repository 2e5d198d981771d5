"""For superusers, who are often organizers: they must see no marks before the publication."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from hackathon.base.core import clock, journal
from hackathon.base.core.admin import ReadOnlyAdmin
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


@admin.register(Juror)
class JurorAdmin(ReadOnlyAdmin):
    fields = ["user", "department", "kind", "is_president", "left_at"]
    list_display = ["user", "department", "kind", "is_president", "left_at"]
    list_filter = ["department"]
    list_select_related = ["user", "department"]


@admin.register(Criterion)
class CriterionAdmin(ReadOnlyAdmin):
    list_display = ["name", "department", "weight", "scale", "position"]
    list_filter = ["department"]
    list_select_related = ["department"]


@admin.register(JuryRules)
class JuryRulesAdmin(ReadOnlyAdmin):
    fields = ["department", "method", "readings", "separation"]
    list_display = ["department", "method", "readings", "separation"]
    list_select_related = ["department"]


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
