"""What organizers enter for a team: a USB stick brought at 23:04."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.accounts.selectors import person
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.formats import clock_exact, clock_seconds
from hackathon.core.received_files import ReceivedFile
from submissions.deliverables import selectors as deliverables_selectors
from submissions.deposits import rules, services
from submissions.deposits import selectors as deposits_selectors
from submissions.deposits.forms import EntryForm
from submissions.deposits.selectors import DeliverableStatus, TeamDeposits
from submissions.models import Submission


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a deliverable (`?deliverable=`) in for a team; says first how it would be marked."""
    begun_at = clock.arrived_at(request)
    team = deliverables_selectors.get_organized_team(request.user, pk)
    found = deposits_selectors.deposits_of(team, at=clock.now())
    status = _chosen(found, request.GET.get("deliverable", ""))
    form = None
    if status is not None:
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = EntryForm(status.deliverable, *sent)
    if form is not None and form.is_valid():
        file = form.content.get("file")
        at = file.received_at if isinstance(file, ReceivedFile) else clock.now()
        try:
            received = services.deposit(
                form.deliverable,
                team,
                **form.content,
                begun_at=begun_at,
                by=person(request),
                at=at,
            )
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            return _entered(request, received)
    context = {"form": form, "status": status, **_context(found)}
    code = 422 if form is not None and form.is_bound else 200
    return render(request, "submissions/entry.html", context, status=code)


def _chosen(found: TeamDeposits, wanted: str) -> DeliverableStatus | None:
    """The deliverable with the id `wanted`; unsaid, the first that has nothing. Raises `Http404`
    for one that this team is not asked for.
    """
    by_id = {str(status.deliverable.pk): status for status in found.statuses}
    if wanted:
        if wanted not in by_id:
            raise Http404
        return by_id[wanted]
    empty = (status for status in found.statuses if status.counting is None)
    return next(empty, None) or next(iter(found.statuses), None)


def _context(found: TeamDeposits) -> dict[str, Any]:
    """The team, and the mark of what would be received now."""
    now = clock.now()
    return {
        "team": found.team,
        "deposits": found,
        "mark": rules.punctuality_of(found.window, begun_at=now, received_at=now),
        "deadline_text": clock_exact(found.window.deadline_at, found.team.edition.zone),
    }


def _entered(request: HttpRequest, submission: Submission) -> HttpResponse:
    sentence = _("%(name)s : reçu à %(time)s, version %(version)s, pour « %(team)s ».") % {
        "name": submission.deliverable.name,
        "time": clock_seconds(submission.received_at),
        "version": submission.version,
        "team": submission.team,
    }
    messages.success(request, sentence)
    page = reverse("submissions:entry", args=[submission.team_id])
    return redirect(f"{page}?deliverable={submission.deliverable_id}")
