from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.views import Request, edition_of, json_body
from hackathon.event.appearance.installed import icons_of, night_of
from hackathon.event.editions.models import Edition
from judging.jury.own import own_seats
from judging.scoring import sealed_changes
from judging.scoring.changes import Result, SentChange, SentVisit
from judging.scoring.offline import OfflineFile, kit_of
from judging.scoring.selectors import my_teams
from judging.scoring.serializers import result_data, sent_change
from judging.scoring.services import sheets, visits
from judging.scoring.viewer import has_copy

BATCH = 200  # changes of one request
SEALED = 50  # batches of one request
WRITERS: dict[type, Callable[..., list[Result]]] = {
    SentChange: sheets.write_changes,
    SentVisit: visits.write_changes,
}


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Its scope is the path of this address."""
    shells = {
        "shell": render_to_string("judging/scoring/shell.html"),
        "emptied": render_to_string("judging/scoring/vacant_shell.html"),
    }
    kind = "text/javascript; charset=utf-8"
    return render(request, "judging/scoring/worker.js", shells, content_type=kind)


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    edition = edition_of(request)
    icons = icons_of(edition)
    body = {
        "id": reverse("judging:index"),
        "name": _("Jury · {event}").format(event=edition.name if edition else settings.SITE_NAME),
        "short_name": _("Jury"),
        "start_url": reverse("judging:index"),
        "scope": reverse("judging:index"),
        "display": "standalone",
        "background_color": "#f3f2f9",
        "theme_color": night_of(edition),
        "icons": [*icons, icons[-1] | {"purpose": "maskable"}],
    }
    return JsonResponse(body, content_type="application/manifest+json")


@login_required
@never_cache
@require_safe
def kit(request: Request) -> JsonResponse:
    now = clock.now()
    seats = own_seats(request)
    if not seats:
        raise Http404
    needed = kit_of([my_teams(juror, at=now) for juror in seats])
    pages = [reverse("judging:sheet", args=[code, line.team.pk]) for code, line in needed.lines]
    parts = [
        f"{reverse('judging:sheet', args=[code, line.team.pk])}?deliverable={status.deliverable.pk}"
        for code, line in needed.lines
        for status in line.deposits.statuses
    ]
    files = [_file_data(file) for file in needed.files]
    frame = [reverse("judging:index"), reverse("judging:handover")]
    compared = [reverse("judging:compare", args=[juror.department.code]) for juror in seats]
    body = {
        "sheets": len(pages),
        "pages": [*frame, *pages, *compared],
        "parts": parts,
        "files": files,
    }
    return JsonResponse(body)


@never_cache
@require_POST
def synchronise(request: Request) -> JsonResponse:
    """`for` is the user who made the changes: another user may be signed in by now."""
    if not request.user.is_authenticated:
        return _error("signed_out", 401)
    body = json_body(request)
    readable = body is not None and isinstance(body.get("changes"), list)
    if body is None or not readable or body.get("for") != request.user.pk:
        _check_juror(request)
        return _error("somebody_else", 409) if readable else _error("unreadable", 400)
    changes = [sent_change(raw) for raw in body["changes"][:BATCH]]
    results = _write(changes, request.edition, by=request.user)
    # Only needed if no change shows that the user is a juror.
    if not any(result.is_done for result in results):
        _check_juror(request)
    return JsonResponse({"answers": [result_data(result) for result in results]})


@never_cache
@require_POST
def sealed(request: Request) -> JsonResponse:
    """Only the batch's own juror gets back the changes that were not written."""
    body = json_body(request)
    if body is None or not isinstance(body.get("sealed"), list):
        return _error("unreadable", 400)
    return JsonResponse({"answers": [_unsealed(request, raw) for raw in body["sealed"][:SEALED]]})


def _unsealed(request: Request, raw: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"id": raw.get("id") if isinstance(raw, dict) else None}
    try:
        batch = sealed_changes.unseal(raw)
    except sealed_changes.SealError:
        return {**data, "state": "unreadable"}
    changes = [sent_change(change) for change in batch.changes[:BATCH]]
    writer = batch.writer(request.user)
    if writer is None:
        return {**data, "state": "held" if changes else "written"}
    results = _write(changes, request.edition, by=writer)
    if all(result.is_done for result in results):
        return {**data, "state": "written"}
    if request.user.pk != batch.user_pk:
        return {**data, "state": "held"}
    pairs = zip(batch.changes, results, strict=False)
    returned = [[change, result_data(result)] for change, result in pairs if not result.is_done]
    return {**data, "state": "returned", "changes": returned}


def _write(
    changes: Iterable[SentChange | SentVisit], edition: Edition | None, *, by: User
) -> list[Result]:
    """In the order in which the juror made them, which is that of the journal too."""
    at = clock.now()
    results: list[Result] = []
    for kind, run in groupby(changes, key=type):
        results += WRITERS[kind](by=by, edition=edition, changes=list(run), at=at)
    return results


def _check_juror(request: Request) -> None:
    if not own_seats(request):
        raise Http404


def _file_data(file: OfflineFile) -> dict[str, Any]:
    submission, pk = file.submission, file.submission.pk
    inspection = getattr(submission, "inspection", None)
    has_picture = bool(inspection and inspection.thumbnail)
    shown = "copy" if has_copy(submission) else "thumbnail" if file.is_archive else "content"
    return {
        "url": reverse(f"judging:{shown}", args=[pk]),
        "picture": reverse("judging:thumbnail", args=[pk]) if has_picture else "",
        "size": file.size,
        "team": file.team,
    }


def _error(code: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code}, status=status)
