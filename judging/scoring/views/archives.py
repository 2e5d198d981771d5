from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request
from judging.jury.readings import get_judged_team, judged_teams
from judging.jury.selectors import get_juror_for
from judging.models import Juror
from submissions.archives.stream import archive_response
from teams.models import Team


@login_required
@require_safe
def team(request: Request, code: str, team_pk: int) -> HttpResponseBase:
    juror = get_juror_for(request.user, code, request.edition)
    judged = get_judged_team(juror, team_pk)
    return _archive(request, juror, [judged], judged.name)


@login_required
@require_safe
def department(request: Request, code: str) -> HttpResponseBase:
    juror = get_juror_for(request.user, code, request.edition)
    return _archive(request, juror, judged_teams(juror), juror.department.code)


def _archive(request: Request, juror: Juror, teams: list[Team], title: str) -> HttpResponseBase:
    edition = juror.department.edition
    return archive_response(request, edition, teams, title=title, at=clock.now())
