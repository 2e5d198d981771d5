"""What was sealed: for everybody the digests and counts, for organizers also the manifests."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.editions.models import Edition
from hackathon.editions.selectors import organized_edition
from submissions.seals import rules, selectors


@require_safe
@never_cache
def public(request: HttpRequest) -> HttpResponse:
    """The digests of everything and of each department, and how to check them."""
    edition: Edition | None = request.edition  # type: ignore[attr-defined]
    context: dict[str, Any] = {}
    if edition is not None:
        context = {
            "state": selectors.seal_state(edition, at=clock.now()),
            "seals": selectors.seals_over_all(edition),
        }
    return render(request, "submissions/seals/seals_public.html", context)


@require_safe
@never_cache
@login_required
def seals(request: HttpRequest) -> HttpResponse:
    """Every seal of the edition, the newest first, with those of its departments."""
    edition = organized_edition(request.user, request.edition)  # type: ignore[attr-defined]
    context = {
        "state": selectors.seal_state(edition, at=clock.now()),
        "sets": selectors.seal_sets(edition),
    }
    return render(request, "submissions/seals/seals.html", context)


@require_safe
@never_cache
@login_required
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    """What a department's seal says of each deposit."""
    found = selectors.get_seal_for(request.user, pk)
    if found.department is None:
        raise Http404  # its lines are on the pages above
    context = {"seal": found, "counts": rules.counts_of(found.manifest)}
    with timezone.override(found.edition.zone):
        return render(request, "submissions/seals/seal.html", context)


@require_safe
@never_cache
def manifest(request: HttpRequest, pk: int) -> HttpResponse:
    """A manifest as it was hashed: `sha256sum` of this file gives the seal's digest."""
    found = selectors.get_seal_for(request.user, pk)
    code = found.department.code if found.department else "ensemble"
    name = f"scelle-{found.edition.slug}-{code}-{found.moment}-{found.pk}.json"
    return HttpResponse(
        rules.canonical(found.manifest),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
