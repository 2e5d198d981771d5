from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.core.exports import Columns, exported
from hackathon.core.views import Request
from hackathon.editions.models import Edition
from hackathon.editions.views.setup import for_organizers
from submissions.seals import rules, selectors

# Of each set: the seal over all, and its line about one department.
SEALS: Columns = [
    (_("Instant"), lambda row: row[0].as_of),
    (_("Moment"), lambda row: row[0].get_moment_display()),
    (_("Département"), lambda row: row[1]["code"]),
    (_("Équipes"), lambda row: row[1]["teams"]),
    (_("Dépôts"), lambda row: row[1]["deposits"]),
    (_("Empreinte"), lambda row: row[1]["digest"]),
    (_("Empreinte de l’ensemble"), lambda row: row[0].digest),
    (_("Fait le"), lambda row: row[0].made_at),
]


@require_safe
@never_cache
def public(request: HttpRequest) -> HttpResponse:
    return render(request, "submissions/seals/seals_public.html")


@require_safe
@never_cache
@for_organizers
def seals(request: Request, edition: Edition) -> HttpResponse:
    sets = selectors.seal_sets(edition)
    rows = [(found.over_all, line) for found in sets for line, _seal in found.lines]
    if file := exported(request, f"scelles-{edition.slug}", SEALS, lambda: rows):
        return file
    state = selectors.seal_state(edition, at=clock.now())
    context = {"managed": edition, "state": state, "sets": sets}
    return render(request, "submissions/seals/seals.html", context)


@require_safe
@never_cache
@login_required
def seal(request: Request, pk: int) -> HttpResponse:
    found = selectors.get_seal_for(request.user, pk)
    if found.department is None:
        raise Http404  # the two pages above show the seals over all
    context = {"seal": found, "counts": rules.counts_of(found.manifest)}
    with timezone.override(found.edition.zone):
        return render(request, "submissions/seals/seal.html", context)


@require_safe
@never_cache
def manifest(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes that were hashed: `sha256sum` of this file gives the digest of the seal."""
    found = selectors.get_seal_for(request.user, pk)
    code = found.department.code if found.department else "ensemble"
    name = f"scelle-{found.edition.slug}-{code}-{found.moment}-{found.pk}.json"
    return HttpResponse(
        rules.canonical(found.manifest),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
