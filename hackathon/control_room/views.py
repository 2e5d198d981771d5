from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.announcements.models import Announcement
from hackathon.announcements.selectors import announcements_for
from hackathon.control_room import services
from hackathon.control_room.enums import Group
from hackathon.control_room.forms import MoveForm, WarnForm
from hackathon.core import clock
from hackathon.core.errors import NotFound
from hackathon.core.formats import day_time, duration_text
from hackathon.core.views import Request, accepted, dialog, dialog_done, edition_of, posted
from hackathon.editions import moves, rules
from hackathon.editions import selectors as editions
from hackathon.editions.enums import Phase
from hackathon.editions.models import Edition
from hackathon.editions.selectors import organized_edition
from hackathon.roles import roles_of_request
from hackathon.stage.selectors import screen_lines
from judging.deliberation.selectors import publication
from judging.jury import progress
from submissions.board import board, figures, get_team
from submissions.deposits import selectors as submissions
from submissions.extensions import services as extensions
from submissions.extensions.forms import FIELD_OF, QUICK_REASONS, ExtensionForm
from submissions.models import Extension
from teams.selectors import calls, teams
from teams.selectors.listing import counts_by_department

PAGE = "control_room:control"
LATEST = 12
BEFORE = (Phase.DRAFT, Phase.REGISTRATION, Phase.READY)

# ---------------------------------------------------------------- the page and its blocks


def _board(edition: Edition) -> dict[str, Any]:
    return {"board": board(edition)}


def _registrations(edition: Edition) -> dict[str, Any]:
    return {"groups": counts_by_department(edition)}


def _latest(edition: Edition) -> dict[str, Any]:
    return {"latest": submissions.latest(edition, LATEST)}


def _juries(edition: Edition) -> dict[str, Any]:
    return {
        "juries": progress.progress(edition),
        # Callables: the template runs them only where it shows the block.
        "ceremony_is_on": partial(publication.ceremony_has_begun, edition),
    }


def _day(edition: Edition) -> dict[str, Any]:
    return {"moments": editions.moments(edition)}


def _calls(edition: Edition) -> dict[str, Any]:
    return {"waits": calls.waits(edition)}


def _figures(edition: Edition) -> dict[str, Any]:
    return {"figures": figures(edition, at=clock.now())}


def _undo(edition: Edition) -> dict[str, Any]:
    return {"undoable": moves.undoable(edition, at=clock.now())}


def _screens(edition: Edition) -> dict[str, Any]:
    return {"lines": screen_lines(edition, at=clock.now())}


# The context of each block. A block is fetched again after live messages (`js/refresh.js`).
BLOCKS: dict[str, Callable[[Edition], dict[str, Any]]] = {
    "windows": _board,
    "silent": _board,
    "checks": _board,
    "calls": _calls,
    "screens": _screens,
    "registrations": _registrations,
    "deposits": _latest,
    "juries": _juries,
    "day": _day,
    "undo": _undo,
    "figures": _figures,
    "disk": _figures,
}


def _phase(edition: Edition) -> dict[str, Any]:
    phase = rules.phase(edition, at=clock.now())
    return {
        "phase": phase,
        "is_before": phase in BEFORE,
        "is_after": phase not in (*BEFORE, Phase.RUNNING, Phase.GRACE),
    }


def _unfolded(request: Request) -> dict[str, str]:
    """In an edition with many teams: the department and the floor whose teams are shown."""
    return {"opened": request.GET.get("open", ""), "floor": request.GET.get("floor", "")}


@login_required
@require_safe
def control(request: Request) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    context = _phase(edition)
    roles = roles_of_request(request)
    context["instants"] = [edition.starts_at, edition.deadline_at, rules.grace_ends_at(edition)]
    context["announcements"] = announcements_for(roles, edition, limit=3, at=clock.now())
    for read in dict.fromkeys(BLOCKS.values()):
        context |= read(edition)
    return render(request, "control_room/control.html", context | _unfolded(request))


@login_required
@require_safe
def block(request: Request, name: str) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    if name not in BLOCKS:
        raise NotFound
    context = {**_phase(edition), **BLOCKS[name](edition), **_unfolded(request)}
    return render(request, f"control_room/blocks/{name}.html", context)


@login_required
@require_safe
def team(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    found = get_team(edition, pk)
    return dialog(
        request,
        found.name,
        "control_room/_team.html",
        None,
        team=found,
        deposits=submissions.deposits_of(found, at=clock.now()),
        members=teams.members_of(found),
    )


# ---------------------------------------------------------------- the dialogs


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request) -> HttpResponse:
    """Shows what changes and for whom; a move that the person has seen is done."""
    edition = organized_edition(request.user, edition_of(request))
    moments, at = editions.moments(edition), clock.now()
    opened = request.GET.get("instant", "")
    form = MoveForm(posted(request), edition=edition, moments=moments, opened=opened)
    if form.is_valid():
        seen = services.preview_move(edition, form.cleaned_data, at=at)
        if seen is not None and seen.key != form.cleaned_data["confirmed"]:
            title, fields = _("Vérifiez avant de décaler"), "control_room/_confirm_move.html"
            return dialog(request, title, fields, None, move=seen)
    if accepted(form, lambda: services.move(edition, form.cleaned_data, by=request.user, at=at)):
        done = _("C’est fait : %(time)s.") % {"time": day_time(form.cleaned_data["to"])}
        return dialog_done(request, done, to=PAGE)
    context = {"concerned": moves.concerned(edition, at=at), "quick": form.quick_moves(at=at)}
    title = form.label[:1].upper() + form.label[1:]
    return dialog(request, title, "control_room/_move.html", form, **context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extension(request: Request) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    initial = {"target": request.GET.get("for", "")}
    form = ExtensionForm(edition, posted(request), initial=initial)

    def save() -> Extension:
        return extensions.grant(edition, **form.granted, by=request.user, at=clock.now())

    if saved := accepted(form, save, fields=FIELD_OF):
        granted = saved.result
        time = duration_text(granted.minutes * 60)
        done = _("%(who)s a %(time)s de plus.") % {
            "who": granted.team or granted.department,
            "time": time,
        }
        undo = reverse("submissions:extension-revoke", args=[granted.pk])
        return dialog_done(request, done, to=PAGE, undo=undo)
    context = {"reasons": QUICK_REASONS}
    return dialog(request, _("Accorder un délai"), "control_room/_extension.html", form, **context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def warn(request: Request) -> HttpResponse:
    """`?group=nothing`, `partly`, or `chosen` with `&team=1&team=2`."""
    edition, found = organized_edition(request.user, edition_of(request)), request.GET
    data = posted(request)
    shown = board(edition)
    form = WarnForm(
        data,
        edition=edition,
        teams=[line.team for line in shown.teams],
        group=(data or found).get("group", ""),
        chosen=found.getlist("team"),
    )

    def save() -> Announcement:
        given = form.cleaned_data
        return services.warn(
            edition=edition,
            group=Group(given["group"]),
            chosen=given["teams"],
            body=given["body"],
            by_mail=given["by_mail"],
            by=request.user,
            at=clock.now(),
        )

    if saved := accepted(form, save):
        done = _("Message envoyé : %(label)s.") % {"label": saved.result.label}
        return dialog_done(request, done, to=PAGE)
    teams = services.teams_to_warn(
        shown, form.opened, [int(pk) for pk in form["teams"].value() or () if pk.isdecimal()]
    )
    context = {"groups": Group, "teams": teams}
    return dialog(request, _("Prévenir"), "control_room/_warn.html", form, **context)
