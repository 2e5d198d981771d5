from collections.abc import Callable, Sequence
from pathlib import PurePath

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.core.views import Request
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.printing.answers import asked_department, sheet_answer
from hackathon.event.printing.selectors import teams_to_print
from hackathon.event.roles import roles_of_request
from teams.models import Team


@require_safe
@for_organizers
def sheet(
    request: Request, edition: Edition, make: Callable[[Edition, Sequence[Team]], bytes]
) -> HttpResponseBase:
    department = asked_department(request, edition)
    pdf, name = make(edition, teams_to_print(edition, department)), PurePath(request.path).stem
    return sheet_answer(request, edition, name, pdf, department=department)


@require_safe
@never_cache
@login_required
def where(request: Request, pk: int) -> HttpResponse:
    """The square of a badge. Rooms are shown to who has a role, as elsewhere."""
    teams, edition = Team.objects.select_related("department"), request.edition
    team = get_or_not_found(teams, pk=pk, edition=edition and edition.pk)
    roles = roles_of_request(request)
    if roles.organizer:
        return redirect("control_room:team", team.pk)
    if roles.membership is not None and roles.membership.team_id == team.pk:
        return redirect("teams:mine")
    if not (roles.juries or roles.duties):
        raise NotFound
    return render(request, "student_badges/where.html", {"team": team})
