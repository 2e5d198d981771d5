"""Briefs, for the people they are written for. Before its instant one does not exist."""

import mimetypes
import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.core import clock
from hackathon.core.file_responses import file_response
from hackathon.editions import rules, selectors


@login_required
@require_safe
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    """The published briefs. The page asks again at the moments that the day's line shows, and
    slowly while some department has none: it never knows of a brief's own instant.
    """
    edition = request.edition  # type: ignore[attr-defined]
    if edition is None:
        raise Http404
    now = clock.now()
    briefs = list(selectors.visible_briefs(request.user, edition, now))
    published = [b for b in briefs if rules.brief_is_published(b, at=now)]
    context = {
        "briefs": briefs,
        "published": published,
        "waiting": len(published) < edition.departments.count(),
        "next_moment": rules.next_public_moment(selectors.moments(edition), at=now),
    }
    template = "_briefs.html" if request.headers.get("HX-Request") else "briefs.html"
    return render(request, f"editions/{template}", context)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One brief with its attachments."""
    now = clock.now()
    edition = request.edition  # type: ignore[attr-defined]
    brief = selectors.get_brief_for(request.user, code, edition, now)
    context = {"brief": brief, "published": rules.brief_is_published(brief, at=now)}
    template = "_brief.html" if request.headers.get("HX-Request") else "brief.html"
    return render(request, f"editions/{template}", context)


@login_required
@require_safe
def attachment(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """An attachment: opened in the page if it is harmless, `?telecharger` to keep it."""
    found = selectors.get_attachment_for(request.user, pk, clock.now())
    return file_response(
        found.file,
        filename=found.filename,
        content_type=mimetypes.guess_type(found.filename)[0] or "",
        inline="telecharger" not in request.GET,
        digest=found.sha256,
        request=request,
    )
