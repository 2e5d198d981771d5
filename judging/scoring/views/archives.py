"""What was handed in, for a jury to take away: one team's, or all of its department."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.core.views import Request
from judging.jury import readings
from judging.jury import selectors as jury_selectors
from judging.models import Juror
from submissions.archives.stream import archive_response
from teams.models import Team


@login_required
@require_safe
def team(request: Request, code: str, team_pk: int) -> HttpResponseBase:
    """What counts of a team that this person judges."""
    juror = jury_selectors.get_juror_for(request.user, code, request.edition)
    found = readings.get_judged_team(juror, team_pk)
    return _archive(request, juror, [found], found.name)


@login_required
@require_safe
def department(request: Request, code: str) -> HttpResponseBase:
    """What counts of every team that this person judges."""
    juror = jury_selectors.get_juror_for(request.user, code, request.edition)
    return _archive(request, juror, readings.judged_teams(juror), juror.department.code)


def _archive(request: Request, juror: Juror, teams: list[Team], title: str) -> HttpResponseBase:
    edition = juror.department.edition
    return archive_response(request, edition, teams, title=title, at=clock.now())
