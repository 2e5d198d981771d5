"""The tablet: a juror's teams, and the sheet of one of them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.core import clock
from hackathon.core.views import Request, accepted, posted
from judging.enums import SheetState
from judging.jury import selectors as jury_selectors
from judging.scoring import selectors as scoring_selectors
from judging.scoring.forms import SheetForm
from judging.scoring.offline import kit_of
from judging.scoring.selectors import SheetPage
from judging.scoring.services import sheets as scoring
from judging.scoring.services.sheets import canonical
from judging.scoring.showcase import showcase
from submissions.files import content_response, thumbnail_response

FILTERS = ("todo", "done")


@login_required
@never_cache
@require_safe
def index(request: Request) -> HttpResponse:
    """My teams, jury by jury, with what is left to do; `?show=` keeps the ones to do or done."""
    now = clock.now()
    juries = [
        scoring_selectors.my_teams(juror, at=now)
        for juror in jury_selectors.jury_of(request.user, request.edition)
    ]
    if not juries:
        raise Http404
    wanted = request.GET.get("show", "")
    context = {
        "juries": juries,
        "wanted": wanted if wanted in FILTERS else "",
        "kit": kit_of(juries),
    }
    return render(request, "judging/index.html", context)


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Request, code: str, team_pk: int) -> HttpResponse:
    """A team's deposits and my marks for it: what is there without script, and the tablet's frame.

    One POST takes the whole page; with a script, changes go to `tablet.synchronise`.
    """
    now = clock.now()
    juror = jury_selectors.get_juror_for(request.user, code, request.edition)
    if jury_selectors.is_recused(juror, team_pk):
        messages.info(request, _("Vous ne jugez pas cette équipe : votre déport est enregistré."))
        return redirect("judging:my-recusals", juror.department.code)
    page = scoring_selectors.sheet_page(juror, team_pk, at=now)
    form = SheetForm(page, posted(request))
    if form.is_bound and accepted(form, lambda: _write(form, request, now)):
        return _gone_on(request, form)
    status = 422 if form.is_bound else 200
    shown = showcase(page.deposits, request.GET.get("deliverable", ""))
    context = {"page": page, "form": form, "deposits": page.deposits, "shown": shown}
    if request.headers.get("HX-Target") == "work":
        return render(request, "judging/_work.html", context)
    context["known"], context["mine"] = _known(page), _mine(page)
    return render(request, "judging/sheet.html", context, status=status)


@login_required
@require_safe
def content(request: Request, pk: int) -> HttpResponseBase:
    """A deposit of a team that this person judges; `?telecharger` to keep it."""
    submission = scoring_selectors.get_submission_for(request.user, pk, request.edition)
    inline = "telecharger" not in request.GET
    return _unkept(content_response(submission, request, inline=inline))


@login_required
@require_safe
def thumbnail(request: Request, pk: int) -> HttpResponseBase:
    """The small picture of it, for the same people."""
    submission = scoring_selectors.get_submission_for(request.user, pk, request.edition)
    return _unkept(thumbnail_response(submission, request))


def _unkept(response: HttpResponseBase) -> HttpResponseBase:
    """Tablets go from hand to hand: what a juror looks at stays in no browser's own cache. What is
    prepared for offline lies in the worker's, which is wiped with the change of hands.
    """
    response["Cache-Control"] = "private, no-store"
    return response


def _known(page: SheetPage) -> dict[str, Any]:
    """What the server has of the sheet, for the tablet's script."""
    fields = {f"mark-{line.criterion.pk}": canonical(line.value) for line in page.lines}
    state = str(page.sheet.state) if page.sheet else SheetState.DRAFT.value
    texts = {"comment": page.comment, "notes": page.notes, "state": state}
    return {"version": page.version, "seen": page.seen, "fields": {**fields, **texts}}


def _mine(page: SheetPage) -> list[dict[str, Any]]:
    """The juror's teams in their order: where to go on."""
    code = page.juror.department.code
    return [
        {
            "id": own.team.pk,
            "url": reverse("judging:sheet", args=[code, own.team.pk]),
            "final": own.is_final,
        }
        for own in page.mine
    ]


def _write(form: SheetForm, request: Request, now: datetime) -> None:
    page = form.page
    if form.action == "reopen":
        scoring.reopen(juror=page.juror, team=page.team, by=request.user, at=now)
        return
    scoring.save(
        juror=page.juror,
        team=page.team,
        marks=form.marks,
        comment=form.comment_written,
        notes=form.notes_written,
        finish=form.action == "finish",
        base=form.base,
        seen=form.seen,
        by=request.user,
        at=now,
    )


def _gone_on(request: Request, form: SheetForm) -> HttpResponse:
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
