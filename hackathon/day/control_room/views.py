from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock, extras
from hackathon.base.core.errors import NotFound
from hackathon.base.core.extras import Place
from hackathon.base.core.formats import day_time, minutes_text
from hackathon.base.core.views import (
    Request,
    accepted,
    dialog,
    dialog_done,
    edition_of,
    perform,
    posted,
)
from hackathon.day.announcements.models import Announcement
from hackathon.day.announcements.selectors import announcements_for
from hackathon.day.announcements.views import withdrawal
from hackathon.day.control_room import services
from hackathon.day.control_room.enums import Group
from hackathon.day.control_room.forms import FREEZE_REASONS, FreezeForm, MoveForm, WarnForm
from hackathon.day.control_room.selectors import Shown, whole
from hackathon.event.editions import moves
from hackathon.event.editions import selectors as editions
from hackathon.event.editions.enums import Phase
from hackathon.event.editions.selectors import organized_edition
from hackathon.event.editions.services import schedule
from hackathon.event.roles import roles_of_request
from judging.jury.selectors import get_flag
from judging.scoring.services import visits
from submissions.board import board, get_team
from submissions.extensions import services as extensions
from submissions.extensions.forms import FIELD_OF, QUICK_REASONS, ExtensionForm
from submissions.models import Extension
from submissions.versions import selectors as submissions
from teams.selectors import teams

PAGE = "control_room:control"
BEFORE = (Phase.DRAFT, Phase.REGISTRATION, Phase.READY)

# ---------------------------------------------------------------- the page and its blocks


# What each block shows: names of `Shown`.
BLOCKS = {
    "band": [],
    "wrong": ["wrong", "waits", "questions", "figures", "flags"],
    "undo": ["undoable"],
    "windows": ["board"],
    "silent": ["board"],
    "checks": ["board"],
    "uploads": ["uploads"],
    "calls": ["waits"],
    "questions": ["questions"],
    "reach": ["unreached"],
    "screens": ["lines"],
    "registrations": ["groups", "registered", "is_open"],
    "deposits": ["latest"],
    "juries": ["juries", "ceremony_is_on"],
    "day": ["moments"],
    "figures": ["figures", "plot"],
}


def _context(shown: Shown, names: Iterable[str]) -> dict[str, Any]:
    return {
        **{name: getattr(shown, name) for name in names},
        "phase": shown.phase,
        "instants": shown.instants,
        "is_before": shown.phase in BEFORE,
        "is_after": shown.phase not in (*BEFORE, Phase.RUNNING, Phase.GRACE),
    }


def _unfolded(request: Request) -> dict[str, str]:
    """In an edition with many teams: the department and the floor whose teams are shown."""
    return {"opened": request.GET.get("open", ""), "floor": request.GET.get("floor", "")}


@login_required
@require_safe
def control(request: Request) -> HttpResponse:
    edition, roles, at = edition_of(request), roles_of_request(request), clock.now()
    if edition is None or not roles.organizer:
        raise NotFound
    request.user.granted_as = roles.colleague
    context = _context(whole(edition, at=at), {name for names in BLOCKS.values() for name in names})
    context["announcements"] = announcements_for(roles, edition, limit=3, at=at)
    return render(request, "control_room/control.html", context | _unfolded(request))


@login_required
@require_safe
def blocks(request: Request) -> HttpResponse:
    """Those that `?parts=` names by their ids, with commas; without it all."""
    edition = organized_edition(request.user, edition_of(request))
    parts = request.GET.get("parts", "")
    names = [part.removeprefix("block-") for part in parts.split(",")] if parts else [*BLOCKS]
    of_extras = {part.name: part for part in extras.parts(edition, Place.CONTROL)}
    chosen = dict.fromkeys(names)
    # An open page may ask for a block of an extra that was switched off meanwhile.
    off = {part.name for extra in extras.registry for part in extra.parts} - of_extras.keys()
    if not BLOCKS.keys() | of_extras.keys() | off >= chosen.keys():
        raise NotFound
    own = [name for name in chosen if name in BLOCKS]
    shown = {part for block in own for part in BLOCKS[block]}
    context = _context(Shown(edition, at=clock.now()), shown)
    context["blocks"] = [f"control_room/blocks/{block}.html" for block in own]
    others = [of_extras[name] for name in chosen if name in of_extras]
    context["others"] = [part.render(request, edition) for part in others]
    return render(request, "control_room/blocks.html", context | _unfolded(request))


@login_required
@require_safe
def team(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    shown = get_team(edition, pk)
    return dialog(
        request,
        shown.name,
        "control_room/_team.html",
        None,
        team=shown,
        deposits=submissions.deposits_of(shown, at=clock.now()),
        members=teams.members_of(shown),
    )


# ---------------------------------------------------------------- the dialogs


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request) -> HttpResponse:
    """Shows what changes and for whom; a move that the person has seen is done."""
    edition = organized_edition(request.user, edition_of(request))
    moments, at = editions.moments(edition), clock.now()
    opened = request.GET.get("instant", "")
    coming = editions.coming_briefs(edition, at=at)
    form = MoveForm(posted(request), edition=edition, moments=moments, briefs=coming, opened=opened)
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
def freeze(request: Request) -> HttpResponse:
    edition, at = organized_edition(request.user, edition_of(request)), clock.now()
    form = FreezeForm(posted(request), initial={"frozen": "1"})

    def save() -> None:
        data = form.cleaned_data
        schedule.freeze_registration(
            edition=edition,
            frozen=data["frozen"],
            reason=data["quick_reason"] or data["reason"],
            by=request.user,
            at=at,
        )

    if accepted(form, save):
        frozen = form.cleaned_data["frozen"]
        done = _("Inscriptions suspendues.") if frozen else _("Inscriptions rouvertes.")
        return dialog_done(request, done, to=PAGE)
    context = {"registered": Shown(edition, at=at).registered, "reasons": FREEZE_REASONS}
    title = _("Suspendre les inscriptions ?")
    return dialog(request, title, "control_room/_freeze.html", form, **context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def extension(request: Request) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    initial = {"target": request.GET.get("for", "")}
    form = ExtensionForm(edition, posted(request), initial=initial)
    act: dict[str, Any] = {"by": request.user, "at": clock.now()}
    if form.is_valid() and (
        seen := extensions.to_confirm(edition, form.granted, **form.seen, **act)
    ):
        title, fields = _("Vérifiez avant d’accorder"), "submissions/extensions/_confirm.html"
        return dialog(request, title, fields, None, seen=seen, back=request.path)

    def save() -> Extension:
        return extensions.grant(edition, **form.granted, **act)

    if saved := accepted(form, save, fields=FIELD_OF):
        granted = saved.result
        time = minutes_text(granted.minutes)
        done = _("%(who)s a %(time)s de plus.") % {
            "who": granted.team or granted.department,
            "time": time,
        }
        undo = reverse("submissions:extension-revoke", args=[granted.pk])
        return dialog_done(request, done, to=PAGE, undo=undo)
    context = {"reasons": QUICK_REASONS}
    return dialog(request, _("Accorder un délai"), "control_room/_extension.html", form, **context)


@login_required
@require_POST
def close_flag(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    flag = get_flag(edition, pk)
    return perform(
        request,
        lambda: visits.close_flag(flag=flag, by=request.user, at=clock.now()),
        done=_("Signalement clos."),
        to=reverse(PAGE),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def warn(request: Request) -> HttpResponse:
    """`?group=nothing`, `partly`, or `chosen` with `&team=1&team=2`."""
    edition, query = organized_edition(request.user, edition_of(request)), request.GET
    data = posted(request)
    shown = board(edition)
    form = WarnForm(
        data,
        edition=edition,
        teams=[line.team for line in shown.teams],
        group=(data or query).get("group", ""),
        chosen=query.getlist("team"),
    )

    def save() -> Announcement:
        data = form.cleaned_data
        return services.warn(
            edition=edition,
            group=Group(data["group"]),
            chosen=data["teams"],
            body=data["body"],
            by_mail=data["by_mail"],
            by=request.user,
            at=clock.now(),
        )

    if saved := accepted(form, save):
        done = _("Message envoyé : %(label)s.") % {"label": saved.result.label}
        undo = withdrawal(saved.result) if saved.result.mails_at else ""
        return dialog_done(request, done, to="announcements:list" if undo else PAGE, undo=undo)
    teams = services.teams_to_warn(
        shown,
        form.opened,
        [int(pk) for pk in form["teams"].value() or () if pk.isdecimal() and len(pk) < 19],
    )
    context = {"groups": Group, "teams": teams}
    return dialog(request, _("Prévenir"), "control_room/_warn.html", form, **context)
