"""The prizes and the sealed envelopes, for everybody; and a team's own marks, for the team."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.core.views import Request
from hackathon.editions.enums import MilestoneKind
from hackathon.editions.selectors import moments
from judging.ceremony.selectors import own_marks
from judging.ceremony.selectors import results as selectors_results
from judging.deliberation.selectors import envelopes as selectors_envelopes
from judging.deliberation.selectors import publication
from submissions.files import thumbnail_response


@never_cache
@require_safe
def palmares(request: HttpRequest) -> HttpResponse:
    """Nominees and winners by department; before publication the same page whatever is decided."""
    edition = request.edition  # type: ignore[attr-defined]
    now = clock.now()
    results = selectors_results.palmares_with_pictures(edition, at=now)
    awards_at, ceremony_is_on = None, False
    if results is None and edition is not None:
        ceremony_is_on = publication.ceremony_has_begun(edition)
        awards = (m.at for m in moments(edition) if m.kind == MilestoneKind.AWARDS)
        awards_at = next(awards, None)
    own = results is not None and own_marks.may_read_own_marks(request.user, edition, at=now)
    context = {
        "results": results,
        "awards_at": awards_at,
        "awards_are_due": awards_at is not None and awards_at <= now,
        "ceremony_is_on": ceremony_is_on,
        "own_marks": own,
    }
    return render(request, "judging/palmares.html", context)


@require_safe
def picture(request: HttpRequest, team_pk: int) -> HttpResponseBase:
    """The picture of a winner's work, from the moment at which everybody has seen who wins."""
    edition = request.edition  # type: ignore[attr-defined]
    response = thumbnail_response(
        selectors_results.get_picture(edition, team_pk, at=clock.now()), request
    )
    response["Cache-Control"] = "private, max-age=3600"  # the address is the team's, not the file's
    return response


@never_cache
@require_safe
def envelopes(request: HttpRequest) -> HttpResponse:
    """The digests of what the juries decided; after the publication also what is in them."""
    edition = request.edition  # type: ignore[attr-defined]
    found = selectors_envelopes.envelopes(edition, at=clock.now()) if edition is not None else []
    return render(request, "judging/envelopes.html", {"envelopes": found})


@never_cache
@require_safe
def envelope(request: HttpRequest, code: str) -> HttpResponse:
    """What is in an envelope, as it was hashed: `sha256sum` of this file is the digest."""
    edition = request.edition  # type: ignore[attr-defined]
    found = selectors_envelopes.get_open_envelope(edition, code, at=clock.now())
    name = f"enveloppe-{found.department.edition.slug}-{found.department.code}.txt"
    return HttpResponse(
        found.content,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@never_cache
@require_safe
def own_team(request: Request) -> HttpResponse:
    """What a team's jury gave it, once the results are out and if the edition shares it."""
    found = own_marks.get_own_marks(request.user, request.edition, at=clock.now())
    return render(request, "judging/own_team.html", {"marks": found})
