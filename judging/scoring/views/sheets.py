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

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, posted
from judging.enums import SheetState
from judging.jury.own import own_seats
from judging.jury.selectors import get_juror_for, is_recused
from judging.scoring.comparison import comparison_of
from judging.scoring.forms import SheetForm
from judging.scoring.offline import kit_of
from judging.scoring.pages import SheetPage
from judging.scoring.selectors import get_submission_for, my_teams, sheet_page
from judging.scoring.services import sheets
from judging.scoring.viewer import open_deliverable
from submissions.files import content_response, copy_response, thumbnail_response

FILTERS = ("todo", "done")
ADDRESSES = {
    "content": "judging:content",
    "copy": "judging:copy",
    "thumbnail": "judging:thumbnail",
}
PAUSES = (10, 15, 30, 60)  # minutes


@login_required
@never_cache
@require_safe
def index(request: Request) -> HttpResponse:
    now = clock.now()
    juries = [my_teams(juror, at=now) for juror in own_seats(request)]
    if not juries:
        raise Http404
    wanted = request.GET.get("show", "")
    context = {
        "juries": juries,
        "wanted": wanted if wanted in FILTERS else "",
        "has_begun": any(mine.has_begun for mine in juries),
        "kit": kit_of(juries),
        "pause_minutes": PAUSES,
    }
    return render(request, "judging/scoring/index.html", context)


@login_required
@never_cache
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: Request, code: str, team_pk: int) -> HttpResponse:
    """For the form. The scripts use `tablet.synchronise`."""
    now = clock.now()
    juror = get_juror_for(request.user, code, request.edition)
    if is_recused(juror, team_pk):
        messages.info(request, _("Vous ne jugez pas cette équipe : votre déport est enregistré."))
        return redirect("judging:my-recusals", juror.department.code)
    page = sheet_page(juror, team_pk, at=now)
    form = SheetForm(page, posted(request))
    if accepted(form, lambda: _write(form, request, now)):
        return _redirect_after(request, form)
    shown = open_deliverable(page.deposits, request.GET.get("deliverable", ""))
    context = {"page": page, "deposits": page.deposits, "shown": shown, "addresses": ADDRESSES}
    if request.headers.get("HX-Target") == "work":
        return render(request, "judging/scoring/_work.html", context)
    context |= {"known": _server_state(page, _milliseconds(now)), "mine": _own_teams(page)}
    return form_page(request, "judging/scoring/sheet.html", form, **context)


@login_required
@never_cache
@require_safe
def compare(request: Request, code: str) -> HttpResponse:
    juror = get_juror_for(request.user, code, request.edition)
    wanted = {name: request.GET.get(name, "") for name in ("first", "second")}
    found = comparison_of(juror, **wanted)
    choices = [("first", _("Équipe"), found.first), ("second", _("et équipe"), found.second)]
    return render(request, "judging/scoring/compare.html", {"found": found, "choices": choices})


@login_required
@require_safe
def content(request: Request, pk: int) -> HttpResponseBase:
    submission = get_submission_for(request.user, pk, request.edition)
    inline = "download" not in request.GET
    return _uncached(content_response(submission, request, inline=inline))


@login_required
@require_safe
def thumbnail(request: Request, pk: int) -> HttpResponseBase:
    submission = get_submission_for(request.user, pk, request.edition)
    return _uncached(thumbnail_response(submission, request))


@login_required
@require_safe
def copy(request: Request, pk: int) -> HttpResponseBase:
    submission = get_submission_for(request.user, pk, request.edition)
    return _uncached(copy_response(submission, request))


def _uncached(response: HttpResponseBase) -> HttpResponseBase:
    # Tablets are shared. The service worker caches offline files, and the script empties that cache
    # for the next juror.
    response["Cache-Control"] = "private, no-store"
    return response


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _server_state(page: SheetPage, read_at: int) -> dict[str, Any]:
    fields = {}
    for line in page.lines:
        pk = line.criterion.pk
        fields[f"mark-{pk}"] = line.criterion.mark_scale.write(line.value)
        for remark in line.remarks:
            fields |= {f"{kind}-{pk}": value for kind, value in remark.values.items()}
    state = str(page.sheet.state) if page.sheet else SheetState.DRAFT.value
    texts = {"comment": page.comment, "notes": page.notes, "state": state}
    return {
        "version": page.version,
        "seen": page.seen,
        "fields": {**fields, **texts},
        "skip": page.skip,
        "readAt": read_at,
    }


def _own_teams(page: SheetPage) -> list[dict[str, Any]]:
    code = page.juror.department.code
    return [
        {
            "id": own.team.pk,
            "url": reverse("judging:sheet", args=[code, own.team.pk]),
            "final": own.is_final,
            "skip": own.skip,
            "readings": own.readings,
        }
        for own in page.mine
    ]


def _write(form: SheetForm, request: Request, now: datetime) -> None:
    page = form.page
    if form.action == "reopen":
        sheets.reopen(juror=page.juror, team=page.team, by=request.user, at=now)
        return
    sheets.save(
        juror=page.juror,
        team=page.team,
        marks=form.marks,
        comment=form.changed_comment,
        notes=form.changed_notes,
        remarks=form.remarks,
        finish=form.action == "finish",
        base=form.base,
        seen=form.seen,
        by=request.user,
        at=now,
    )


def _redirect_after(request: Request, form: SheetForm) -> HttpResponse:
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
