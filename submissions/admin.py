from django.contrib import admin

from hackathon.base.core.admin import ReadOnlyAdmin
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
class DeliverableAdmin(ReadOnlyAdmin):
    list_display = ["name", "department", "kind", "required", "position"]
    list_filter = ["department__edition", "department"]
    list_select_related = ["department"]


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "team", "department", "reason", "granted_at", "revoked_at"]
    list_select_related = ["team", "department"]
