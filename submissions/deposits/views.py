from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from hackathon.base.core import clock, logs
from hackathon.base.core.formats import clock_seconds
from hackathon.base.core.received_files import ReceivedFile
from hackathon.base.core.views import Request, accepted, form_page, is_htmx, posted_with_files
from submissions.deliverables.selectors import get_deliverable_for
from submissions.deposits import services
from submissions.deposits.forms import DepositForm, EntryForm
from submissions.deposits.fragments import status_contexts
from submissions.files import content_response, thumbnail_response
from submissions.models import Submission
from submissions.versions import rules, selectors
from submissions.versions.selectors import DeliverableStatus, TeamDeposits
from teams.models import Membership, Team
from teams.own import own_membership
from teams.selectors.teams import get_organized_team


@require_safe
@never_cache
@login_required
def deposits(request: Request) -> HttpResponse:
    return _page(request, own_membership(request))


@require_GET
@never_cache
@login_required
def status(request: Request) -> HttpResponse:
    """For a page that has just handed in. Others get the same over their socket."""
    membership = own_membership(request)
    context = _page_context(membership) if membership else {}
    return render(request, "submissions/deposits/_status.html", {**context, "oob": True})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def deposit(request: Request, pk: int) -> HttpResponse:
    """htmx gets the result only: 201 or 422. A reload after a refusal is a GET."""
    begun_at = clock.arrived_at(request)
    membership = own_membership(request)
    deliverable = get_deliverable_for(membership, pk)
    if request.method != "POST" or membership is None:
        return _page(request, membership)
    form = DepositForm(deliverable, *posted_with_files(request))
    submission = _deposit(request, form, membership.team, begun_at)
    if submission is not None:
        return _received_answer(request, submission)
    if is_htmx(request):
        return render(request, "submissions/deposits/_refused.html", {"form": form}, status=422)
    return _page(request, membership, refused=form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def enter(request: Request, pk: int) -> HttpResponse:
    """An organizer enters a deposit (`?deliverable=`) for a team."""
    begun_at = clock.arrived_at(request)
    team = get_organized_team(request.user, pk)
    logs.bind(team=team.pk)
    now = clock.now()
    team_deposits = selectors.deposits_of(team, at=now)
    context = {
        "team": team,
        "deposits": team_deposits,
    }
    status = _chosen_status(team_deposits, request.GET.get("deliverable", ""))
    if status is None:
        return render(
            request, "submissions/deposits/entry.html", {**context, "status": None, "form": None}
        )
    context |= {
        "punctuality": rules.punctuality_of(status.period, begun_at=now, received_at=now),
        "deadline_text": rules.deadline_text(status.period, team.edition),
    }
    form = EntryForm(status.deliverable, *posted_with_files(request))
    submission = _deposit(request, form, team, begun_at)
    if submission is None:
        return form_page(request, "submissions/deposits/entry.html", form, status=status, **context)
    sentence = _("%(name)s : reçu à %(time)s, version %(version)s, pour « %(team)s ».")
    messages.success(request, sentence % {**_summary(submission), "team": team})
    page = reverse("submissions:entry", args=[team.pk])
    return redirect(f"{page}?deliverable={submission.deliverable_id}")


@require_safe
@login_required
def content(request: Request, pk: int) -> HttpResponseBase:
    submission = selectors.get_submission_for(request.user, pk)
    return content_response(submission, request, inline="inline" in request.GET)


@require_safe
@login_required
def thumbnail(request: Request, pk: int) -> HttpResponseBase:
    submission = selectors.get_submission_for(request.user, pk)
    return thumbnail_response(submission, request)


def _deposit(
    request: Request, form: DepositForm, team: Team, begun_at: datetime
) -> Submission | None:
    """None if the form is not bound, not valid or refused."""

    def save() -> Submission:
        file = form.content.get("file")
        return services.deposit(
            form.deliverable,
            team,
            **form.content,
            begun_at=begun_at,
            by=request.user,
            at=file.received_at if isinstance(file, ReceivedFile) else clock.now(),
        )

    received = accepted(form, save)
    return received.result if received else None


def _received_answer(request: Request, submission: Submission) -> HttpResponse:
    sentence = _("%(name)s : reçu à %(time)s, version %(version)s.") % _summary(submission)
    if is_htmx(request):
        context = {"sentence": sentence, "submission": submission}
        return render(request, "submissions/deposits/_received.html", context, status=201)
    messages.success(request, sentence)
    page = reverse("submissions:deposits")
    return redirect(f"{page}#deliverable-{submission.deliverable_id}")


def _summary(submission: Submission) -> dict[str, Any]:
    return {
        "name": submission.deliverable.name,
        "time": clock_seconds(submission.received_at),
        "version": submission.version,
    }


def _page(
    request: Request, membership: Membership | None, refused: DepositForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {}
    if membership is not None:
        context = _page_context(membership)
        statuses = sorted(context["deposits"].statuses, key=_place)
        context["cards"] = [(status, _form(status, refused)) for status in statuses]
    code = 200 if refused is None else 422
    return render(request, "submissions/deposits/deposits.html", context, status=code)


def _page_context(membership: Membership) -> dict[str, Any]:
    team = membership.team
    return status_contexts(team.edition, [team], clock.now())[team.pk]


def _place(status: DeliverableStatus) -> tuple[bool, bool, bool, datetime, bool]:
    """What is to do comes first, the nearest deadline before the others; then what does not open;
    what is received comes last.
    """
    optional, is_received = not status.deliverable.required, status.counting is not None
    deadline_at = status.period.deadline_at
    return not status.is_to_do, not status.is_broken, is_received, deadline_at, optional


def _form(status: DeliverableStatus, refused: DepositForm | None) -> DepositForm:
    deliverable = status.deliverable
    if refused is not None and refused.deliverable == deliverable:
        return refused
    counting = status.counting.submission if status.counting else None
    return DepositForm(deliverable, initial=counting.url or counting.text if counting else "")


def _chosen_status(team_deposits: TeamDeposits, wanted: str) -> DeliverableStatus | None:
    """If `wanted` is empty, the first without a version. Raises `Http404`."""
    by_id = {str(status.deliverable.pk): status for status in team_deposits.statuses}
    if wanted:
        if wanted not in by_id:
            raise Http404
        return by_id[wanted]
    empty = (status for status in team_deposits.statuses if status.counting is None)
    return next(empty, None) or next(iter(team_deposits.statuses), None)
