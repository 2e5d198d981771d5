"""What was handed in, to take away: a team's own; for organizers one team's up to everything."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.editions.models import Edition
from hackathon.editions.selectors import get_organized_department, organized_edition
from submissions.archives import selectors
from submissions.archives.stream import archive_response
from submissions.deliverables import selectors as deliverables_selectors
from teams.models import Team
from teams.selectors.teams import membership_of


@require_safe
@login_required
def own(request: HttpRequest) -> HttpResponseBase:
    """What counts of one's own team."""
    membership = membership_of(request.user, _edition(request))
    if membership is None:
        raise Http404
    team = membership.team
    title = team.name
    return archive_response(request, membership.edition, [team], title=title, at=clock.now())


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """For organizers: what there is to take away, department by department."""
    edition = organized_edition(request.user, _edition(request))
    departments = selectors.archive_summary(edition, at=clock.now())
    context = {
        "departments": departments,
        "count": sum(one.count for one in departments),
        "size": sum(one.size for one in departments),
    }
    return render(request, "submissions/archives/archives.html", context)


@require_safe
@login_required
def team(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For organizers: one team's; `?versions=all` for every version, here and below."""
    found = deliverables_selectors.get_organized_team(request.user, pk)
    return _organized(request, found.edition, [found], found.name)


@require_safe
@login_required
def department(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For organizers: one department's."""
    found = get_organized_department(request.user, pk)
    teams = selectors.archive_teams(found.edition, found)
    return _organized(request, found.edition, teams, found.code)


@require_safe
@login_required
def everything(request: HttpRequest) -> HttpResponseBase:
    """For organizers: all of the edition."""
    edition = organized_edition(request.user, _edition(request))
    return _organized(request, edition, selectors.archive_teams(edition), "")


def _organized(
    request: HttpRequest, edition: Edition, teams: Sequence[Team], title: str
) -> HttpResponseBase:
    every_version = request.GET.get("versions") == "all"
    return archive_response(
        request, edition, teams, title=title, every_version=every_version, at=clock.now()
    )


def _edition(request: HttpRequest) -> Edition | None:
    return request.edition  # type: ignore[attr-defined]
