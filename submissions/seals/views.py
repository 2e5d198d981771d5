from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.commitments import canonical
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.views import Request
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from submissions.models import Seal
from submissions.seals import rules, selectors

# Of each set: the seal over all, and its line about one department.
SEALS: Columns = [
    (_("Instant"), lambda row: row[0].as_of),
    (_("Moment"), lambda row: row[0].get_moment_display()),
    (_("Livrables"), lambda row: row[0].subject),
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
    rows = [(seal_set.over_all, line) for seal_set in sets for line, _seal in seal_set.lines]
    if file := exported(request, f"scelles-{edition.slug}", SEALS, lambda: rows):
        return file
    state = selectors.seal_state(edition, at=clock.now())
    context = {"managed": edition, "state": state, "sets": sets}
    return render(request, "submissions/seals/seals.html", context)


@require_safe
@never_cache
@login_required
def seal(request: Request, pk: int) -> HttpResponse:
    shown = selectors.get_seal_for(request.user, pk)
    if shown.department is None:
        raise Http404  # the two pages above show the seals over all
    seals = selectors.as_shown(shown.edition, [shown])
    since = shown.manifest.get("since")
    context = {
        "seal": shown,
        "seals": seals,
        "counts": rules.counts_of(shown.manifest),
        "since": since,
    }
    with timezone.override(shown.edition.zone):
        return render(request, "submissions/seals/seal.html", context)


@require_safe
@never_cache
def manifest(request: HttpRequest, pk: int) -> HttpResponse:
    return manifest_file(selectors.get_seal_for(request.user, pk))


def manifest_file(seal: Seal) -> HttpResponse:
    return HttpResponse(
        canonical(seal.manifest),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{seal.filename}"'},
    )
