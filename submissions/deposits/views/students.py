"""The student's page: what is asked, what counts, what is missing, and handing in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.formats import clock_exact, clock_seconds
from hackathon.core.received_files import ReceivedFile
from submissions.deliverables import selectors as deliverables_selectors
from submissions.deposits import selectors as deposits_selectors
from submissions.deposits import services
from submissions.deposits.forms import DepositForm
from submissions.deposits.selectors import DeliverableStatus, TeamDeposits
from submissions.files import content_response, thumbnail_response
from submissions.models import Submission
from submissions.seals import selectors as seals_selectors
from teams.models import Membership
from teams.selectors.teams import membership_of


@require_safe
@never_cache
@login_required
def deposits(request: HttpRequest) -> HttpResponse:
    """Everything of one's own team; without a team, where to find one."""
    membership = membership_of(request.user, request.edition)  # type: ignore[attr-defined]
    return _page(request, membership)


@require_GET
@never_cache
@login_required
def status(request: HttpRequest) -> HttpResponse:
    """The parts of the page that change by themselves; the forms are left alone."""
    membership = membership_of(request.user, request.edition)  # type: ignore[attr-defined]
    context = _context(membership) if membership else {}
    changed = not membership or request.GET.get("shown") != context["shown"]
    return render(request, "submissions/_status.html", {**context, "changed": changed, "oob": True})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def deposit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand one deliverable in. A refusal gives the page back with what was typed (422).

    The page's script is answered with the outcome alone: 201 received, 422 refused. Reading the
    address, as a reload after a refusal does, gives the page.
    """
    begun_at = clock.arrived_at(request)
    membership = membership_of(request.user, request.edition)  # type: ignore[attr-defined]
    deliverable = deliverables_selectors.get_deliverable_for(membership, pk)
    if request.method != "POST" or membership is None:
        return _page(request, membership)
    form = DepositForm(deliverable, request.POST, request.FILES)
    if form.is_valid():
        file = form.content.get("file")
        at = file.received_at if isinstance(file, ReceivedFile) else clock.now()
        try:
            received = services.deposit(
                deliverable,
                membership.team,
                **form.content,
                begun_at=begun_at,
                by=membership.user,
                at=at,
            )
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            return _received(request, received)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "submissions/_refused.html", {"form": form}, status=422)
    return _page(request, membership, refused=form)


@require_safe
@login_required
def content(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The bytes of one version, for its team and the organizers."""
    submission = deposits_selectors.get_submission_for(request.user, pk)
    return content_response(submission, request, inline="inline" in request.GET)


@require_safe
@login_required
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The small picture of one version, for its team and the organizers."""
    submission = deposits_selectors.get_submission_for(request.user, pk)
    return thumbnail_response(submission, request)


def _received(request: HttpRequest, submission: Submission) -> HttpResponse:
    sentence = _("%(name)s : reçu à %(time)s, version %(version)s.") % {
        "name": submission.deliverable.name,
        "time": clock_seconds(submission.received_at),
        "version": submission.version,
    }
    if request.htmx:  # type: ignore[attr-defined]
        context = {"sentence": sentence, "submission": submission}
        return render(request, "submissions/_received.html", context, status=201)
    messages.success(request, sentence)
    page = reverse("submissions:deposits")
    return redirect(f"{page}#deliverable-{submission.deliverable_id}")


def _page(
    request: HttpRequest, membership: Membership | None, refused: DepositForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {}
    if membership is not None:
        context = _context(membership)
        cards = [(s, _form(s, refused)) for s in context["deposits"].statuses]
        context |= {"cards": cards, "first_missing": _first_missing(context["deposits"])}
    code = 200 if refused is None else 422
    return render(request, "submissions/deposits.html", context, status=code)


def _context(membership: Membership) -> dict[str, Any]:
    now = clock.now()
    found = deposits_selectors.deposits_of(membership.team, at=now)
    window, edition = found.window, membership.edition
    return {
        "deposits": found,
        "team": membership.team,
        "window_state": window.state(at=now),
        "deadline_text": clock_exact(window.deadline_at, edition.zone),
        "until_text": clock_exact(window.grace_ends_at, edition.zone),
        "seal": seals_selectors.last_seal(edition) if now > edition.deadline_at else None,
        "shown": "-".join(str(s.deliverable.pk) for s in found.statuses),
    }


def _form(status: DeliverableStatus, refused: DepositForm | None) -> DepositForm:
    """The refused form where it was sent; elsewhere what counts, to be changed."""
    deliverable = status.deliverable
    if refused is not None and refused.deliverable == deliverable:
        return refused
    counting = status.counting.submission if status.counting else None
    return DepositForm(deliverable, initial=counting.url or counting.text if counting else "")


def _first_missing(found: TeamDeposits) -> int | None:
    return next((deliverable.pk for deliverable in found.missing), None)
