from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, edition_of, perform
from hackathon.event.editions.models import Edition
from judging.ceremony.selectors.own_comparison import own_comparison
from judging.ceremony.selectors.own_marks import OwnMarks, get_own_marks
from judging.ceremony.selectors.results import get_picture
from judging.ceremony.services import comparison as services
from judging.deliberation.selectors import envelopes as selectors
from judging.ranking.explanation import explain_to_team, rank_range, ranking_heads
from submissions.files import thumbnail_response


@never_cache
@require_safe
def palmares(request: HttpRequest) -> HttpResponse:
    return render(request, "judging/ceremony/palmares.html")


@require_safe
def picture(request: HttpRequest, team_pk: int) -> HttpResponseBase:
    submission = get_picture(edition_of(request), team_pk, at=clock.now())
    response = thumbnail_response(submission, request)
    # Not immutable: the picture of a team may change.
    response["Cache-Control"] = "private, max-age=3600"
    return response


@never_cache
@require_safe
def envelopes(request: HttpRequest) -> HttpResponse:
    return render(request, "judging/ceremony/envelopes.html")


@never_cache
@require_safe
def envelope(request: HttpRequest, code: str) -> HttpResponse:
    return envelope_file(edition_of(request), code)


def envelope_file(edition: Edition | None, code: str) -> HttpResponse:
    """The bytes that were hashed: their SHA-256 is the digest."""
    opened = selectors.get_open_envelope(edition, code, at=clock.now())
    return text_file(f"enveloppe-{opened.department.edition.slug}-{opened.name}", opened.content)


def text_file(name: str, content: bytes) -> HttpResponse:
    """`name`: of letters, digits and hyphens, without its suffix."""
    return HttpResponse(
        content,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.txt"'},
    )


@login_required
@never_cache
@require_safe
def own_team(request: Request) -> HttpResponse:
    marks = get_own_marks(request.user, request.edition, at=clock.now())
    context = figures_of(marks)
    if marks.standing:
        context["comparison"] = own_comparison(request.user, marks.team)
    return render(request, "judging/ceremony/own_team.html", context)


def figures_of(marks: OwnMarks | None) -> dict[str, Any]:
    """For `judging/ceremony/_own_figures.html`."""
    context: dict[str, Any] = {"marks": marks}
    if marks is not None and marks.standing:
        context["explanation"] = explain_to_team(marks.standing, method=marks.method)
        context["ranks"] = rank_range(marks.group)
        context["is_corrected"] = bool(ranking_heads(marks.method).correction)
    return context


@login_required
@require_POST
def consent(request: Request) -> HttpResponse:
    """`agree`: empty to withdraw."""
    act = services.agree if request.POST.get("agree") else services.withdraw
    return perform(
        request,
        lambda: act(edition=request.edition, by=request.user, at=clock.now()),
        done="",
        to=reverse("judging:own-team") + "#comparison",
    )
