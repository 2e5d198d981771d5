"""The prizes, for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.editions.enums import MilestoneKind
from hackathon.editions.selectors import moments
from judging import selectors


@never_cache
@require_safe
def palmares(request: HttpRequest) -> HttpResponse:
    """Nominees and winners by department; before publication the same page whatever is decided."""
    edition = request.edition  # type: ignore[attr-defined]
    results = selectors.palmares(edition, at=clock.now())
    awards_at = None
    if results is None and edition is not None:
        awards = (m.at for m in moments(edition) if m.kind == MilestoneKind.AWARDS)
        awards_at = next(awards, None)
    return render(request, "judging/palmares.html", {"results": results, "awards_at": awards_at})
