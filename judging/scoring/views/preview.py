"""A team's own work as its jury sees it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.base.core import clock
from hackathon.base.core.views import Request
from judging.scoring.viewer import open_deliverable
from submissions.files import content_response, copy_response
from submissions.versions.selectors import deposits_of, get_submission_for
from teams.selectors.teams import get_membership_of

ADDRESSES = {
    "content": "judging:preview-content",
    "copy": "judging:preview-copy",
    "thumbnail": "submissions:thumbnail",
}


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_safe
def preview(request: Request) -> HttpResponse:
    team = get_membership_of(request.user, request.edition).team
    deposits = deposits_of(team, at=clock.now())
    shown = open_deliverable(deposits, request.GET.get("deliverable", ""))
    context = {"deposits": deposits, "shown": shown, "addresses": ADDRESSES}
    part = request.headers.get("HX-Target") == "work"
    return render(request, f"judging/scoring/{'_work' if part else 'preview'}.html", context)


@login_required
@require_safe
def content(request: Request, pk: int) -> HttpResponseBase:
    submission = get_submission_for(request.user, pk)
    return content_response(submission, request, inline="download" not in request.GET)


@login_required
@require_safe
def copy(request: Request, pk: int) -> HttpResponseBase:
    return copy_response(get_submission_for(request.user, pk), request)
