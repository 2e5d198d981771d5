"""All teams, for the organizers: where they are, who is in them, what they lack."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.accounts.selectors import find_by_email, person
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.editions.models import Edition
from hackathon.editions.selectors import organized_edition
from teams.forms import AddMemberForm, EnterForm, RoomForm
from teams.models import Team
from teams.selectors import teams as selectors
from teams.services import membership, teams


@login_required
@require_safe
@vary_on_headers("HX-Request")
def index(request: HttpRequest) -> HttpResponse:
    """Every team by department. Refreshed by live messages, open forms excepted."""
    return _listing(request, _organized(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Register a team for somebody, also outside the window."""
    edition = _organized(request)
    form = EnterForm(request.POST or None, edition=edition)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        address = fields.pop("captain")
        captain = find_by_email(address) if address else None
        if address and captain is None:
            form.add_error("captain", _("Personne n’a encore de compte à cette adresse."))
        else:
            try:
                team = teams.register(
                    edition, **fields, captain=captain, by=person(request), at=clock.now()
                )
            except Refused as refused:
                form.add_error(None, str(refused.refusal))
            else:
                messages.success(request, _("L’équipe « %(team)s » est inscrite.") % {"team": team})
                return redirect(_anchor(team))
    status = 422 if form.is_bound else 200
    return render(request, "teams/enter.html", {"form": form}, status=status)


@login_required
@require_POST
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """Another room for a team."""
    edition = _organized(request)
    team = selectors.get_team_for(request.user, pk)
    form = RoomForm(request.POST, team=team)
    if form.is_valid():
        try:
            teams.edit(team, by=person(request), at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            return redirect(_anchor(team))
    return _listing(request, edition, bound=team, room_form=form)


@login_required
@require_POST
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody into a team by their address."""
    edition = _organized(request)
    team = selectors.get_team_for(request.user, pk)
    form = AddMemberForm(request.POST, team=team)
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            added = membership.add_by_email(team, email, by=person(request), at=clock.now())
        except Refused as refused:
            form.add_error("email", str(refused.refusal))
        else:
            messages.success(
                request,
                _("%(name)s est dans l’équipe « %(team)s ».")
                % {"name": added.user.display_name, "team": team},
            )
            return redirect(_anchor(team))
    return _listing(request, edition, bound=team, add_form=form)


@login_required
@require_POST
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a team that nobody is in."""
    _organized(request)
    team = selectors.get_team_for(request.user, pk)
    try:
        teams.dissolve(team, by=person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        messages.success(request, _("L’équipe « %(team)s » est supprimée.") % {"team": team})
    return redirect("teams:list")


def _organized(request: HttpRequest) -> Edition:
    return organized_edition(request.user, request.edition)  # type: ignore[attr-defined]


def _anchor(team: Team) -> str:
    return f"{reverse('teams:list')}#team-{team.pk}"


def _listing(
    request: HttpRequest,
    edition: Edition,
    *,
    bound: Team | None = None,
    room_form: Form | None = None,
    add_form: Form | None = None,
) -> HttpResponse:
    """The list, with the form that was not taken in the place of the team's empty one."""
    departments: list[dict[str, Any]] = []
    for group in selectors.by_department(edition):
        lines = []
        for line in group.lines:
            sent = bound is not None and bound.pk == line.team.pk
            lines.append(
                {
                    "line": line,
                    "room_form": (sent and room_form) or RoomForm(team=line.team),
                    "add_form": (sent and add_form) or AddMemberForm(team=line.team),
                    "open": sent,
                }
            )
        departments.append({"group": group, "lines": lines})
    context = {
        "departments": departments,
        "team_count": sum(len(entry["lines"]) for entry in departments),
        "student_count": sum(entry["group"].students for entry in departments),
        "incomplete_count": sum(entry["group"].incomplete for entry in departments),
    }
    template = "_list.html" if request.headers.get("HX-Request") else "list.html"
    return render(request, f"teams/{template}", context, status=422 if bound else 200)
