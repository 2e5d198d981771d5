from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.core import clock
from hackathon.core.views import Request, accepted, edition_of, form_page, is_htmx, perform, posted
from hackathon.editions.models import Edition
from hackathon.editions.selectors import organized_edition
from teams.errors import TeamRefusal
from teams.forms import AddMemberForm, EnterForm, RoomForm
from teams.models import Team
from teams.selectors import teams as selectors
from teams.services import membership, teams


@login_required
@require_safe
@vary_on_headers("HX-Request")
def index(request: Request) -> HttpResponse:
    return _list(request, organized_edition(request.user, edition_of(request)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Request) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    form = EnterForm(posted(request), edition=edition)
    if entered := accepted(
        form,
        lambda: teams.register(edition, **form.cleaned_data, by=request.user, at=clock.now()),
    ):
        team = entered.result
        messages.success(request, _("L’équipe « %(team)s » est inscrite.") % {"team": team})
        return redirect(_anchor(team))
    return form_page(request, "teams/enter.html", form)


@login_required
@require_POST
def room(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    team = selectors.get_team_for(request.user, pk)
    form = RoomForm(request.POST, team=team)
    if accepted(
        form, lambda: teams.edit(team, by=request.user, at=clock.now(), **form.cleaned_data)
    ):
        return redirect(_anchor(team))
    return _list(request, edition, refused=team, room_form=form)


@login_required
@require_POST
def add_member(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    team = selectors.get_team_for(request.user, pk)
    form = AddMemberForm(request.POST, team=team)
    if added := accepted(
        form,
        lambda: membership.add_by_email(
            team, form.cleaned_data["email"], by=request.user, at=clock.now()
        ),
        fields=dict.fromkeys(TeamRefusal, "email"),
    ):
        done = _("%(name)s est dans l’équipe « %(team)s ».")
        messages.success(request, done % {"name": added.result.user.display_name, "team": team})
        return redirect(_anchor(team))
    return _list(request, edition, refused=team, add_form=form)


@login_required
@require_POST
def dissolve(request: Request, pk: int) -> HttpResponse:
    organized_edition(request.user, edition_of(request))
    team = selectors.get_team_for(request.user, pk)
    return perform(
        request,
        lambda: teams.dissolve(team, by=request.user, at=clock.now()),
        done=_("L’équipe « %(team)s » est supprimée.") % {"team": team},
        to="teams:list",
    )


def _anchor(team: Team) -> str:
    return f"{reverse('teams:list')}#team-{team.pk}"


def _list(
    request: Request,
    edition: Edition,
    *,
    refused: Team | None = None,
    room_form: Form | None = None,
    add_form: Form | None = None,
) -> HttpResponse:
    departments: list[dict[str, Any]] = []
    for group in selectors.by_department(edition):
        lines = []
        for line in group.lines:
            is_refused = line.team == refused
            lines.append(
                {
                    "line": line,
                    "room_form": (is_refused and room_form) or RoomForm(team=line.team),
                    "add_form": (is_refused and add_form) or AddMemberForm(team=line.team),
                    "open": is_refused,
                }
            )
        departments.append({"group": group, "lines": lines})
    context = {
        "departments": departments,
        "team_count": sum(len(entry["lines"]) for entry in departments),
        "student_count": sum(entry["group"].students for entry in departments),
        "incomplete_count": sum(entry["group"].incomplete for entry in departments),
    }
    template = "_list.html" if is_htmx(request) else "list.html"
    return render(request, f"teams/{template}", context, status=422 if refused else 200)
