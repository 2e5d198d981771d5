"""The sheet of a team, and acts on several teams of the list."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm, Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request, accepted, form_page
from hackathon.day.control_room import services
from hackathon.day.control_room.enums import Group
from hackathon.day.control_room.team_forms import MessageForm, RelocateForm
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from submissions.versions import selectors as submissions
from teams import rules
from teams.exports import TEAMS
from teams.forms.acts import NoteForm
from teams.forms.organizers import AddMemberForm, FilterForm, RoomForm
from teams.models import Team
from teams.selectors import calls, listing
from teams.selectors import teams as selectors
from teams.services import organizing
from teams.views.acts import act_links
from teams.views.rooms import warn_overfull


@never_cache
@login_required
@require_safe
def sheet(request: Request, pk: int) -> HttpResponse:
    team = selectors.get_organized_team(request.user, pk)
    members = selectors.members_of(team)
    context = {
        "managed": team.edition,
        "team": team,
        "members": members,
        "line": selectors.line_of(team, members),
        "deposits": submissions.deposits_of(team, at=clock.now()),
        "calls": calls.calls_of(team),
        "notes": selectors.notes_of(team),
        "note_form": NoteForm(),
        "room_form": RoomForm(team=team),
        "add_form": AddMemberForm(team=team),
        **act_links(),
    }
    return render(request, "control_room/sheet.html", context)


@require_POST
@for_organizers
def act_on_teams(request: Request, edition: Edition) -> HttpResponse:
    """`act` on the teams that were ticked, or on all that fit the filter (`everything`)."""
    filter_form = FilterForm(QueryDict(request.POST.get("filter", "")), edition=edition)
    pks = _chosen(request.POST)
    if "everything" in request.POST:
        pks = listing.found_pks(edition, filter_form.wanted)
    teams = listing.teams_with_members(edition, pks)
    back = f"{reverse('teams:list', args=[edition.slug])}?{filter_form.query()}"
    if not teams:
        messages.error(request, _("Cochez d’abord des équipes."))
        return redirect(back)
    if file := exported(request, f"equipes-{edition.slug}", TEAMS, lambda: teams):
        return file
    act = request.POST.get("act", "")
    if act in ("absent", "present"):
        return _with_presence(request, edition, teams, back, absent=act == "absent")
    return _with_form(request, edition, teams, back, warns=act == "warn")


def _with_presence(
    request: Request, edition: Edition, teams: Sequence[Team], back: str, *, absent: bool
) -> HttpResponse:
    """Shows what changes first. The page after it takes back what has really changed."""
    changing = [team for team in teams if rules.presence_changes(team, absent=absent)]
    if not changing:
        messages.info(request, _("Rien ne change : c’est déjà noté."))
        return redirect(back)
    form = Form(request.POST if "confirmed" in request.POST else None)
    done = accepted(
        form,
        lambda: organizing.set_presence(
            edition, changing, absent=absent, by=request.user, at=clock.now()
        ),
    )
    context = {
        "managed": edition,
        "title": _presence_title(len(changing), absent=absent),
        "teams": done.result if done else changing,
        "same": len(teams) - len(changing),
        "act": "absent" if absent else "present",
        "filter_query": request.POST.get("filter", ""),
        "back": back,
    }
    if done:
        return render(request, "control_room/presence_done.html", context)
    return form_page(request, "control_room/act_on_teams.html", form, **context)


def _presence_title(n: int, *, absent: bool) -> str:
    if absent:
        text = ngettext("Noter %(n)s équipe absente", "Noter %(n)s équipes absentes", n)
    else:
        text = ngettext("Noter %(n)s équipe présente", "Noter %(n)s équipes présentes", n)
    return text % {"n": n}


def _with_form(
    request: Request, edition: Edition, teams: Sequence[Team], back: str, *, warns: bool
) -> HttpResponse:
    """The first request of an act comes from the list, the second one from its form."""
    data = request.POST if "confirmed" in request.POST else None
    act: dict[str, Any] = {"by": request.user, "at": clock.now()}
    form: BaseForm
    if warns:
        title, form = _("Prévenir"), MessageForm(data)
    else:
        title, form = _("Déplacer"), RelocateForm(data, edition=edition)

    def save() -> int:
        if warns:
            pks = [team.pk for team in teams]
            services.warn(
                edition=edition, group=Group.CHOSEN, chosen=pks, **form.cleaned_data, **act
            )
            return len(teams)
        return organizing.relocate(edition, teams, **form.cleaned_data, **act)

    if saved := accepted(form, save):
        text = ngettext("%(n)s équipe prévenue.", "%(n)s équipes prévenues.", saved.result)
        if not warns:
            text = ngettext("%(n)s équipe déplacée.", "%(n)s équipes déplacées.", saved.result)
        messages.success(request, text % {"n": saved.result})
        if not warns:
            warn_overfull(request, edition, form.cleaned_data["room"])
        return redirect(back)
    context = {
        "managed": edition,
        "title": title,
        "teams": teams,
        "act": "warn" if warns else "relocate",
        "filter_query": request.POST.get("filter", ""),
        "back": back,
    }
    return form_page(request, "control_room/act_on_teams.html", form, **context)


def _chosen(posted: QueryDict) -> list[int]:
    pks = posted.getlist("team")
    return [int(pk) for pk in pks if pk.isascii() and pk.isdigit() and len(pk) < 19]
