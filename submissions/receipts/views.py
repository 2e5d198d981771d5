from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core.codes import normal_code
from hackathon.base.core.file_responses import pdf_response
from hackathon.base.core.views import Request
from submissions.models import Receipt
from submissions.receipts import display, pdf, rules, selectors
from submissions.versions import selectors as deposits


@require_safe
@never_cache
@login_required
def receipt(request: Request, pk: int) -> HttpResponse:
    shown = selectors.get_receipt_for(request.user, pk)
    qr = display.qr_svg(shown)
    context = {"address": display.check_url(shown), "qr": qr}
    return _page(request, "submissions/receipts/receipt.html", shown, context)


@require_safe
@login_required
def printed(request: Request, pk: int) -> HttpResponseBase:
    """The PDF. A receipt whose signature does not match has none: its page shows why."""
    shown = selectors.get_receipt_for(request.user, pk)
    if not rules.is_genuine(shown):
        return redirect("submissions:receipt", pk)
    # Not cached: an Extension granted later changes the punctuality that the PDF shows.
    content = pdf.render(shown, deposits.version_of(shown.submission))
    return pdf_response(content, filename=pdf.filename(shown), request=request)


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    if code := normal_code(request.GET.get("code", "")):
        return redirect("submissions:receipt-check", code)
    return render(request, "submissions/receipts/_check.html")


@require_safe
@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Public: shows what the receipt proves, but not the content of the submission."""
    typed = normal_code(code)
    checked = selectors.receipt_by_code(typed)
    if checked is None:
        context = {"typed": typed, "unknown": True}
        return render(request, "submissions/receipts/_check.html", context, status=404)
    return _page(
        request, "submissions/receipts/_check.html", checked, {"typed": checked.spoken_code}
    )


def _page(
    request: HttpRequest, template: str, shown: Receipt, context: dict[str, Any]
) -> HttpResponse:
    """In the zone of the receipt's edition, which may differ from the current edition's."""
    submission = shown.submission
    context |= {
        "receipt": shown,
        "submission": submission,
        "received": deposits.version_of(submission),
        "zone": display.zone_text(submission),
        "genuine": rules.is_genuine(shown),
    }
    with timezone.override(submission.team.edition.zone):
        return render(request, template, context)
