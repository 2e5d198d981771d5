"""Receipts: the team's page and its PDF, and the page on which anybody checks a code."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core.file_responses import file_response
from submissions.deposits import selectors as deposits_selectors
from submissions.models import Receipt
from submissions.receipts import pdf as receipt_pdf
from submissions.receipts import receipt as receipts
from submissions.receipts import selectors


@require_safe
@never_cache
@login_required
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """All that was received and when, for its team and the organizers; to be printed."""
    found = selectors.get_receipt_for(request.user, pk)
    qr = mark_safe(receipts.qr_svg(found))  # noqa: S308 - made here, of our own address
    context = {"address": receipts.address_of(found), "qr": qr}
    return _page(request, "submissions/receipt.html", found, context)


@require_safe
@login_required
def printed(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same on one A4 page. What no longer fits its signature gets the page that says so."""
    found = selectors.get_receipt_for(request.user, pk)
    if not receipts.is_genuine(found):
        return redirect("submissions:receipt", pk)
    pdf = receipt_pdf.render(found, deposits_selectors.version_of(found.submission).punctuality)
    response = file_response(
        ContentFile(pdf),
        filename=receipt_pdf.filename(found),
        content_type="application/pdf",
        inline=True,
        request=request,
    )
    response["Cache-Control"] = "private, no-store"  # a delay granted later changes its mark
    return response


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Where a code is typed."""
    if code := receipts.canonical(request.GET.get("code", "")):
        return redirect("submissions:receipt-check", code)
    return render(request, "submissions/receipt_check.html")


@require_safe
@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a receipt is genuine, and what it says, for whoever has its code. No content."""
    typed = receipts.canonical(code)
    found = selectors.receipt_by_code(typed)
    if found is None:
        context = {"typed": typed, "unknown": True}
        return render(request, "submissions/receipt_check.html", context, status=404)
    return _page(request, "submissions/receipt_check.html", found, {"typed": found.spoken_code})


def _page(
    request: HttpRequest, template: str, found: Receipt, context: dict[str, Any]
) -> HttpResponse:
    """In the zone of its own edition, which need not be the one the site shows."""
    submission = found.submission
    context |= {
        "receipt": found,
        "submission": submission,
        "version": deposits_selectors.version_of(submission),
        "zone": receipts.zone_text(submission),
        "genuine": receipts.is_genuine(found),
    }
    with timezone.override(submission.team.edition.zone):
        return render(request, template, context)
