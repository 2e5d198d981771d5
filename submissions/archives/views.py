from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import get_organized_department
from hackathon.event.editions.views.setup import for_organizers, not_for_readers
from submissions.archives import selectors
from submissions.archives.contents import DEPOSITS
from submissions.archives.stream import archive_response
from teams.models import Team
from teams.selectors.teams import get_organized_team, membership_of


@require_safe
@login_required
def own(request: Request) -> HttpResponseBase:
    membership = membership_of(request.user, request.edition)
    if membership is None:
        raise Http404
    team = membership.team
    return archive_response(request, team.edition, [team], title=team.name, at=clock.now())


@require_safe
@never_cache
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    if file := exported(
        request,
        f"depots-{edition.slug}",
        DEPOSITS,
        lambda: selectors.archive_lines(
            edition, selectors.archive_teams(edition), at=clock.now(), every_version=True
        ),
    ):
        return file
    departments = selectors.archive_summary(edition, at=clock.now())
    context = {
        "managed": edition,
        "departments": departments,
        "count": sum(archive.count for archive in departments),
        "size": sum(archive.size for archive in departments),
        "every_count": sum(archive.every_count for archive in departments),
        "every_size": sum(archive.every_size for archive in departments),
    }
    return render(request, "submissions/archives/archives.html", context)


@not_for_readers
@require_safe
@login_required
def team(request: Request, pk: int) -> HttpResponseBase:
    organized = get_organized_team(request.user, pk)
    return _archive(request, organized.edition, [organized], organized.name)


@not_for_readers
@require_safe
@login_required
def department(request: Request, pk: int) -> HttpResponseBase:
    organized = get_organized_department(request.user, pk)
    teams = selectors.archive_teams(organized.edition, organized)
    return _archive(request, organized.edition, teams, organized.code)


@not_for_readers
@require_safe
@for_organizers
def everything(request: Request, edition: Edition) -> HttpResponseBase:
    return _archive(request, edition, selectors.archive_teams(edition), "")


def _archive(
    request: Request, edition: Edition, teams: Sequence[Team], title: str
) -> HttpResponseBase:
    """`?versions=all` includes every version."""
    every_version = request.GET.get("versions") == "all"
    return archive_response(
        request, edition, teams, title=title, every_version=every_version, at=clock.now()
    )
