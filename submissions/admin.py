from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.admin import ReadOnlyAdmin, ServiceAdmin
from hackathon.base.core.errors import Refused
from hackathon.base.core.views import current_edition
from submissions.deliverables import services as deliverables
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Extension, Receipt, Seal, Submission
from submissions.receipts import rules as receipts


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ["team", "deliverable", "version", "received_at", "size", "submitted_by"]
    list_filter = ["team__edition", "team__department"]
    search_fields = ["team__name", "filename", "sha256"]
    list_select_related = ["team", "deliverable", "submitted_by"]
    # The storage has no URL: files are served by a view that checks the permission.
    exclude = ["file"]


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    list_display = ["code", "team", "deliverable", "version", "genuine"]
    list_filter = ["submission__team__edition"]
    search_fields = ["code", "submission__team__name"]
    list_select_related = ["submission__team", "submission__deliverable"]
    fields = ["code", "submission", "signature", "genuine"]

    @admin.display(description="équipe")
    def team(self, receipt: Receipt) -> str:
        return receipt.submission.team.name

    @admin.display(description="livrable")
    def deliverable(self, receipt: Receipt) -> str:
        return receipt.submission.deliverable.name

    @admin.display(description="version")
    def version(self, receipt: Receipt) -> int:
        return receipt.submission.version

    @admin.display(description="authentique", boolean=True)
    def genuine(self, receipt: Receipt) -> bool:
        return receipts.is_genuine(receipt)


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["edition", "department", "moment", "as_of", "made_at", "digest"]
    list_filter = ["edition", "moment"]
    search_fields = ["digest"]
    list_select_related = ["edition", "department"]


@admin.register(Deliverable)
class DeliverableAdmin(ServiceAdmin):
    list_display = ["name", "department", "kind", "required", "position"]
    list_filter = ["department__edition", "department"]
    list_select_related = ["department"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["department"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        fields = {k: v for k, v in form.cleaned_data.items() if k != "department"}
        saved = deliverables.save(
            obj.department,
            deliverable=obj if change else None,
            by=cast(User, request.user),
            at=clock.now(),
            **fields,
        )
        _replace(obj, saved)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        deliverables.delete(obj, by=cast(User, request.user), at=clock.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for deliverable in queryset:
            self.delete_model(request, deliverable)


@admin.register(Extension)
class ExtensionAdmin(ServiceAdmin):
    list_display = ["__str__", "team", "department", "reason", "granted_at", "revoked_at"]
    list_select_related = ["team", "department"]
    actions = ["revoke"]
    fields = ["team", "department", "minutes", "reason", "private_reason"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For the action on the list."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        target = obj.team or obj.department
        granted = extensions.grant(
            target.edition if target else current_edition(request),
            team=obj.team,
            department=obj.department,
            minutes=obj.minutes,
            reason=obj.reason,
            private_reason=obj.private_reason,
            by=cast(User, request.user),
            at=clock.now(),
        )
        _replace(obj, granted)

    @admin.action(description="Retirer les délais choisis", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Extension]) -> None:
        for extension in queryset:
            try:
                extensions.revoke(extension, by=cast(User, request.user), at=clock.now())
            except Refused as refused:
                messages.error(request, str(refused.refusal))


def _replace(obj: Any, saved: Any) -> None:
    """The admin continues with the object of the form, which the service did not save."""
    obj.__dict__.update(saved.__dict__)
