"""The control room: what every team has handed in, now, and what an organizer does about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.accounts.selectors import person
from hackathon.announcements.selectors import announcements_to
from hackathon.control_room import services
from hackathon.control_room.forms import ExtensionForm, MoveForm, WarnForm, reminder
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.formats import day_time, duration_fr
from hackathon.core.views import dialog, dialog_done, edition_of
from hackathon.editions import checklist, rules
from hackathon.editions import selectors as editions
from hackathon.editions.enums import Phase
from hackathon.editions.models import Edition
from hackathon.roles import roles_on
from hackathon.stage import projector as screens
from judging.deliberation.selectors import publication
from judging.jury import progress
from submissions.deposits import selectors as submissions
from submissions.deposits.board import board, figures, get_team
from submissions.extensions import services as extensions
from teams.models import Team
from teams.selectors import calls, teams

PAGE = "control_room:control"
LATEST = 12
BEFORE = (Phase.DRAFT, Phase.REGISTRATION, Phase.READY)


def _windows(edition: Edition) -> dict[str, Any]:
    return {"board": board(edition)}


def _registrations(edition: Edition) -> dict[str, Any]:
    return {"groups": teams.by_department(edition)}


def _latest(edition: Edition) -> dict[str, Any]:
    return {"latest": submissions.latest(edition, LATEST)}


def _juries(edition: Edition) -> dict[str, Any]:
    return {
        "juries": progress.progress(edition),
        "ceremony_is_on": partial(publication.ceremony_has_begun, edition),  # where it is shown
    }


def _day(edition: Edition) -> dict[str, Any]:
    return {"moments": editions.moments(edition)}


def _calls(edition: Edition) -> dict[str, Any]:
    return {"waits": calls.waits(edition)}


def _figures(edition: Edition) -> dict[str, Any]:
    return {"figures": figures(edition, at=clock.now())}


def _screens(edition: Edition) -> dict[str, Any]:
    return {"lines": screens.lines(edition, at=clock.now())}


# Each fetches itself again when what it shows has changed; `js/dashboard-blocks.js` paces them.
BLOCKS: dict[str, Callable[[Edition], dict[str, Any]]] = {
    "windows": _windows,
    "silent": _windows,
    "checks": _windows,
    "calls": _calls,
    "screens": _screens,
    "registrations": _registrations,
    "deposits": _latest,
    "juries": _juries,
    "day": _day,
    "figures": _figures,
    "disk": _figures,
}


def _organized(request: HttpRequest) -> Edition:
    return editions.organized_edition(person(request), edition_of(request))


def _stage(edition: Edition) -> dict[str, Any]:
    """Whether the day is to come or over: what is shown first depends on it."""
    phase = rules.phase(edition, at=clock.now())
    return {
        "phase": phase,
        "is_before": phase in BEFORE,
        "is_after": phase not in (*BEFORE, Phase.RUNNING, Phase.GRACE),
    }


@login_required
@require_safe
def control(request: HttpRequest) -> HttpResponse:
    """The control room."""
    edition = _organized(request)
    context = _stage(edition)
    context["announcements"] = announcements_to(roles_on(request), edition, limit=3, at=clock.now())
    for read in dict.fromkeys(BLOCKS.values()):
        context |= read(edition)
    return render(request, "control_room/control.html", context)


@login_required
@require_safe
def block(request: HttpRequest, name: str) -> HttpResponse:
    """One block of it."""
    edition = _organized(request)
    if name not in BLOCKS:
        raise Http404
    context = {**_stage(edition), **BLOCKS[name](edition)}
    return render(request, f"control_room/blocks/{name}.html", context)


@login_required
@require_safe
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """One window, opened: who they are, where, and what is missing."""
    edition = _organized(request)
    found = get_team(edition, pk)
    deposits = submissions.deposits_of(found, at=clock.now())
    members = teams.members_of(found)
    return dialog(
        request,
        found.name,
        "control_room/_team.html",
        None,
        team=found,
        deposits=deposits,
        members=members,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    """Move an instant of the day, the deadline first of all."""
    edition = _organized(request)
    posted = request.POST if request.method == "POST" else None
    moments = editions.moments(edition)
    form = MoveForm(posted, edition=edition, moments=moments, chosen=request.GET.get("instant", ""))
    if posted is not None and form.is_valid():
        instant, to, at = form.cleaned_data["instant"], form.cleaned_data["to"], clock.now()
        confirmed = request.POST.get("confirmed", "")
        if asked := checklist.forward(edition, {instant: to}, confirmed=confirmed, at=at):
            return dialog(
                request,
                _("Avancer l’heure limite ?"),
                "control_room/_forward.html",
                None,
                forward=asked,
            )
        try:
            services.move_instant(
                edition=edition, instant=instant, to=to, by=person(request), at=at
            )
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            return dialog_done(
                request, _("C’est fait : %(time)s.") % {"time": day_time(to)}, to=PAGE
            )
    return dialog(request, _("Décaler une heure"), "control_room/_move.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extension(request: HttpRequest) -> HttpResponse:
    """Grant more time to a team or a department."""
    edition = _organized(request)
    posted = request.POST if request.method == "POST" else None
    form = ExtensionForm(posted, edition=edition, target=request.GET.get("for", ""))
    if posted is not None and form.is_valid():
        target = form.cleaned_data["target"]
        minutes = form.cleaned_data["minutes"]
        try:
            extensions.grant(
                edition,
                team=target if isinstance(target, Team) else None,
                department=None if isinstance(target, Team) else target,
                minutes=minutes,
                reason=form.cleaned_data["reason"],
                by=person(request),
                at=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            said = _("%(who)s a %(time)s de plus.")
            return dialog_done(
                request, said % {"who": target, "time": duration_fr(minutes * 60)}, to=PAGE
            )
    return dialog(request, _("Accorder un délai"), "control_room/_extension.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def warn(request: HttpRequest) -> HttpResponse:
    """Announce to each team that has handed in nothing."""
    edition = _organized(request)
    posted = request.POST if request.method == "POST" else None
    form = WarnForm(posted, initial={"body": reminder(edition)})
    if posted is not None and form.is_valid():
        body = form.cleaned_data["body"]
        try:
            warned = services.warn_silent(
                edition=edition, body=body, by=person(request), at=clock.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            said = ngettext("%(n)s équipe prévenue.", "%(n)s équipes prévenues.", len(warned))
            return dialog_done(request, said % {"n": len(warned)}, to=PAGE)
    title = _("Prévenir ceux qui n’ont rien rendu")
    return dialog(request, title, "control_room/_warn.html", form, board=board(edition))
