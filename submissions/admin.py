"""Django's admin, through the same services as everything else. What was received is read-only."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hackathon.core import clock
from hackathon.core.errors import Refused
from submissions.deliverables import services as deliverables
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Extension, Receipt, Seal, Submission
from submissions.receipts import rules as receipts


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look at. Nobody adds, changes or deletes what a team handed in, nor its proof."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """What was handed in."""

    list_display = ["team", "deliverable", "version", "received_at", "size", "submitted_by"]
    list_filter = ["team__edition", "team__department"]
    search_fields = ["team__name", "filename", "sha256"]
    list_select_related = ["team", "deliverable", "submitted_by"]
    # The bytes leave through a view that asks for the right, not through the storage's address.
    exclude = ["file"]


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """Its proof, and whether the row still is what was signed."""

    list_display = ["code", "team", "deliverable", "version", "genuine"]
    list_filter = ["submission__team__edition"]
    search_fields = ["code", "submission__team__name"]
    list_select_related = ["submission__team", "submission__deliverable"]
    fields = ["code", "submission", "signature", "genuine"]

    @admin.display(description="équipe")
    def team(self, receipt: Receipt) -> str:
        """Whose."""
        return receipt.submission.team.name

    @admin.display(description="livrable")
    def deliverable(self, receipt: Receipt) -> str:
        """Of what."""
        return receipt.submission.deliverable.name

    @admin.display(description="version")
    def version(self, receipt: Receipt) -> int:
        """Which."""
        return receipt.submission.version

    @admin.display(description="authentique", boolean=True)
    def genuine(self, receipt: Receipt) -> bool:
        """By the signature."""
        return receipts.is_genuine(receipt)


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    """What was sealed. `manage.py verify-seal` says whether it still holds."""

    list_display = ["edition", "department", "moment", "as_of", "made_at", "digest"]
    list_filter = ["edition", "moment"]
    search_fields = ["digest"]
    list_select_related = ["edition", "department"]


class RefusingAdmin(admin.ModelAdmin):
    """A service's refusal is said on the page that it was asked from; nothing was written."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add or change."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            return _said(request, refused)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete one."""
        try:
            return super().delete_view(request, *args, **kwargs)
        except Refused as refused:
            return _said(request, refused)


@admin.register(Deliverable)
class DeliverableAdmin(RefusingAdmin):
    """What departments ask for."""

    list_display = ["name", "department", "kind", "required", "position"]
    list_filter = ["department__edition", "department"]
    list_select_related = ["department"]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Through the service, each on its own."""
        for deliverable in queryset:
            self.delete_model(request, deliverable)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Also where several are deleted at once."""
        try:
            return super().changelist_view(request, *args, **kwargs)
        except Refused as refused:
            return _said(request, refused)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A deliverable stays in its department."""
        return ["department"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Through the service."""
        fields = {k: v for k, v in form.cleaned_data.items() if k != "department"}
        saved = deliverables.save(
            obj.department,
            deliverable=obj if change else None,
            by=_person(request),
            at=clock.now(),
            **fields,
        )
        _become(obj, saved)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Through the service."""
        deliverables.delete(obj, by=_person(request), at=clock.now())


@admin.register(Extension)
class ExtensionAdmin(RefusingAdmin):
    """Delays: granted and revoked, never changed or deleted."""

    list_display = ["__str__", "team", "department", "reason", "granted_at", "revoked_at"]
    list_select_related = ["team", "department"]
    fields = ["team", "department", "minutes", "reason"]
    actions = ["revoke"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only as far as an action goes: a granted delay reads as it was granted."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: it is revoked."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Through the service."""
        target = obj.team or obj.department
        granted = extensions.grant(
            target.edition if target else request.edition,  # type: ignore[attr-defined]
            team=obj.team,
            department=obj.department,
            minutes=obj.minutes,
            reason=obj.reason,
            by=_person(request),
            at=clock.now(),
        )
        _become(obj, granted)

    @admin.action(description="Retirer les délais choisis", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Extension]) -> None:
        """Through the service, each on its own."""
        for extension in queryset:
            try:
                extensions.revoke(extension, by=_person(request), at=clock.now())
            except Refused as refused:
                messages.error(request, str(refused.refusal))


def _person(request: HttpRequest) -> Any:
    """Who acts: the admin lets nobody in who is not signed in."""
    return request.user


def _become(obj: Any, saved: Any) -> None:
    """The form's object is what the service wrote: the admin goes on with it."""
    obj.__dict__.update(saved.__dict__)


def _said(request: HttpRequest, refused: Refused) -> HttpResponse:
    messages.error(request, str(refused.refusal))
    return HttpResponseRedirect(request.get_full_path())
