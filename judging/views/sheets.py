"""The tablet: a juror's teams, and the sheet of one of them."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.core import clock
from judging import selectors
from judging.forms import SheetForm
from judging.selectors.sheets import SheetPage
from judging.services import scoring
from judging.showcase import showcase
from judging.views.answers import SignedIn, accepted, sent
from submissions.files import content_response, thumbnail_response
from submissions.selectors import deposits_of

FILTERS = ("a-noter", "terminees")


@login_required
@never_cache
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """My teams, jury by jury, with what is left to do; `?voir=` keeps the ones to do or done."""
    now = clock.now()
    juries = [
        selectors.my_teams(juror, at=now)
        for juror in selectors.jury_of(request.user, request.edition)
    ]
    if not juries:
        raise Http404
    wanted = request.GET.get("voir", "")
    context = {"juries": juries, "wanted": wanted if wanted in FILTERS else ""}
    return render(request, "judging/index.html", context)


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedIn, code: str, team_pk: int) -> HttpResponse:
    """A team's deposits and my marks for it.

    One POST takes the whole page or a single field; with `HX-Request` the answer is the summary,
    otherwise the next page.
    """
    now = clock.now()
    juror = selectors.get_juror_for(request.user, code, request.edition)
    page = selectors.sheet_page(juror, team_pk, at=now)
    form = SheetForm(page, sent(request))
    if form.is_bound and accepted(form, lambda: _write(form, request, now)):
        if not request.headers.get("HX-Request"):
            return _gone_on(request, form)
        page = selectors.sheet_page(juror, team_pk, at=now)
        return render(request, "judging/_summary.html", {"page": page, "saved_at": now})
    status = 422 if form.is_bound else 200
    context = {"page": page, "form": form}
    if form.is_bound and request.headers.get("HX-Request"):
        return render(request, "judging/_summary.html", context, status=status)
    deposits = deposits_of(page.team, at=now)
    context["deposits"] = deposits
    context["shown"] = showcase(deposits, request.GET.get("livrable", ""))
    fragment = request.headers.get("HX-Target") == "work"
    template = "judging/_work.html" if fragment else "judging/sheet.html"
    return render(request, template, context, status=status)


@login_required
@require_safe
def content(request: SignedIn, pk: int) -> HttpResponseBase:
    """A deposit of a team that this person judges; `?telecharger` to keep it."""
    submission = selectors.get_submission_for(request.user, pk, request.edition)
    return content_response(submission, request, inline="telecharger" not in request.GET)


@login_required
@require_safe
def thumbnail(request: SignedIn, pk: int) -> HttpResponseBase:
    """The small picture of it, for the same people."""
    submission = selectors.get_submission_for(request.user, pk, request.edition)
    return thumbnail_response(submission, request)


def _write(form: SheetForm, request: SignedIn, now: datetime) -> None:
    page = form.page
    if form.action == "reopen":
        scoring.reopen(juror=page.juror, team=page.team, by=request.user, at=now)
        return
    scoring.save(
        juror=page.juror,
        team=page.team,
        marks=form.marks,
        comment=form.comment_written,
        finish=form.action == "finish",
        by=request.user,
        at=now,
    )


def _gone_on(request: SignedIn, form: SheetForm) -> HttpResponse:
    """Where the page leads after it was saved: a finished sheet to the next that is not."""
    page: SheetPage = form.page
    team = page.team
    if form.action == "finish":
        messages.success(request, _("Fiche de {team} terminée.").format(team=team.name))
        if page.next_unfinished is None:
            return redirect("judging:index")
        team = page.next_unfinished
    elif form.action == "next" and page.next is not None:
        team = page.next
    elif form.action == "reopen":
        messages.info(
            request,
            _("La fiche est rouverte : elle ne compte plus tant que vous ne la terminez pas."),
        )
    else:
        messages.success(request, _("Enregistré."))
    return redirect("judging:sheet", page.juror.department.code, team.pk)
