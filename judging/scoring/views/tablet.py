"""What the tablet's scripts ask for: the worker, what to keep for offline, where changes go."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hackathon.core import clock
from hackathon.core.views import Request
from judging.jury import selectors as jury_selectors
from judging.scoring import sealed_changes as sealing
from judging.scoring import selectors as scoring_selectors
from judging.scoring.offline import Kept, kit_of
from judging.scoring.serializers import answer_data, sent_of
from judging.scoring.services import sync

BATCH = 200  # changes of one request
SEALED = 50


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It lies here because a browser lets it look after nothing else than what
    is below its own address.
    """
    shells = {
        "shell": render_to_string("judging/shell.html"),
        "emptied": render_to_string("judging/vacant_shell.html"),
    }
    kind = "text/javascript; charset=utf-8"
    return render(request, "judging/worker.js", shells, content_type=kind)


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What makes the jury's pages installable."""
    icons = [
        {"src": static(f"img/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", **more}
        for name, size, more in (
            ("jury-192", 192, {}),
            ("jury-512", 512, {}),
            ("jury-512", 512, {"purpose": "maskable"}),
        )
    ]
    body = {
        "id": reverse("judging:index"),
        "name": _("Jury du Crazy Charly Day"),
        "short_name": _("Jury"),
        "start_url": reverse("judging:index"),
        "scope": reverse("judging:index"),
        "display": "standalone",
        "background_color": "#f3f2f9",
        "theme_color": "#0c0924",
        "icons": icons,
    }
    return JsonResponse(body, content_type="application/manifest+json")


@login_required
@never_cache
@require_safe
def kit(request: Request) -> JsonResponse:
    """The addresses that a tablet fetches to work without a network, and the size of each file."""
    now = clock.now()
    seats = jury_selectors.jury_of(request.user, request.edition)
    if not seats:
        raise Http404
    found = kit_of([scoring_selectors.my_teams(juror, at=now) for juror in seats])
    pages = [reverse("judging:sheet", args=[code, line.team.pk]) for code, line in found.lines]
    parts = [
        f"{reverse('judging:sheet', args=[code, line.team.pk])}?deliverable={status.deliverable.pk}"
        for code, line in found.lines
        for status in line.deposits.statuses
    ]
    files = [_file(kept) for kept in found.files]
    frame = [reverse("judging:index"), reverse("judging:handover")]
    body = {"pages": [*frame, *pages], "parts": parts, "files": files}
    return JsonResponse(body)


@never_cache
@require_POST
def synchronise(request: Request) -> JsonResponse:
    """Take a tablet's changes: `{"for": USER, "changes": [...]}`, an answer for each in order.

    `for` is whose they are: whoever has signed in since must not get them.
    """
    if not request.user.is_authenticated:
        return _said("signed_out", 401)
    body = _body(request)
    readable = body is not None and isinstance(body.get("changes"), list)
    if body is None or not readable or body.get("for") != request.user.pk:
        _check_juror(request)
        return _said("somebody_else", 409) if readable else _said("unreadable", 400)
    changes = [sent_of(raw) for raw in body["changes"][:BATCH]]
    answers = sync.take(by=request.user, edition=request.edition, changes=changes, at=clock.now())
    if not any(answer.is_done for answer in answers):  # an outsider learns no more than elsewhere
        _check_juror(request)
    return JsonResponse({"answers": [answer_data(answer) for answer in answers]})


@never_cache
@require_POST
def sealed(request: Request) -> JsonResponse:
    """Take what jurors before could not send. Whoever carries it, signed in or not, learns only
    whether it may be thrown away; the juror themself gets back what needs them.
    """
    body = _body(request)
    if body is None or not isinstance(body.get("sealed"), list):
        return _said("unreadable", 400)
    return JsonResponse({"answers": [_unsealed(request, raw) for raw in body["sealed"][:SEALED]]})


def _unsealed(request: Request, raw: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"id": raw.get("id") if isinstance(raw, dict) else None}
    try:
        opened = sealing.unseal(raw)
    except sealing.Unsealable:
        return {**told, "state": "unreadable"}
    changes = [sent_of(change) for change in opened.changes[:BATCH]]
    answers = sync.take_sealed(
        user_pk=opened.user_pk, edition=request.edition, changes=changes, at=clock.now()
    )
    if all(answer.is_done for answer in answers):
        return {**told, "state": "written"}
    if request.user.pk != opened.user_pk:
        return {**told, "state": "held"}
    pairs = zip(opened.changes, answers, strict=False)
    back = [[change, answer_data(answer)] for change, answer in pairs if not answer.is_done]
    return {**told, "state": "returned", "changes": back}


def _check_juror(request: Request) -> None:
    if not jury_selectors.jury_of(request.user, request.edition):
        raise Http404


def _file(kept: Kept) -> dict[str, Any]:
    submission = kept.submission
    inspection = getattr(submission, "inspection", None)
    has_picture = bool(inspection and inspection.thumbnail)
    return {
        "url": reverse("judging:content", args=[submission.pk]),
        "picture": reverse("judging:thumbnail", args=[submission.pk]) if has_picture else "",
        "size": submission.size,
        "team": kept.team,
    }


def _body(request: HttpRequest) -> dict[str, Any] | None:
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _said(code: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code}, status=status)
