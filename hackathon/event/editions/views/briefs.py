import mimetypes
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.base.core import clock
from hackathon.base.core.file_responses import file_response, pdf_response
from hackathon.base.core.views import Request, current_edition, edition_of, is_htmx
from hackathon.event.editions import brief_pdf, rules, selectors


@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    current_edition(request)
    return render(request, "editions/briefs.html")


@login_required
@require_safe
@vary_on_headers("HX-Request")
def detail(request: Request, code: str) -> HttpResponse:
    now = clock.now()
    brief = selectors.get_brief_for(request.user, code, edition_of(request), now)
    published = rules.brief_is_published(brief, at=now)
    change = selectors.last_change(brief) if published else None
    context = {
        "brief": brief,
        "published": published,
        "change": change,
        "stamp": brief.stamp if published else "",
    }
    template = "_brief.html" if is_htmx(request) else "brief.html"
    return render(request, f"editions/{template}", context)


@login_required
@require_safe
def printed(request: Request, code: str) -> HttpResponseBase:
    brief = selectors.get_brief_for(request.user, code, edition_of(request), clock.now())
    content, filename = brief_pdf.render(brief), brief_pdf.filename(brief)
    return pdf_response(content, filename=filename, request=request)


@login_required
@require_safe
def attachment(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    return attached_file(selectors.get_attachment_for(request.user, pk, clock.now()), request)


def attached_file(shown: Any, request: HttpRequest) -> HttpResponseBase:
    """A row with `file`, `filename` and `sha256`."""
    return file_response(
        shown.file,
        filename=shown.filename,
        content_type=mimetypes.guess_type(shown.filename)[0] or "",
        inline="download" not in request.GET,
        digest=shown.sha256,
        request=request,
    )
