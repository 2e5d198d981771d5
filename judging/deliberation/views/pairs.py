from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock, journal
from hackathon.base.core.views import Request
from judging.deliberation.selectors import pairs as selectors


@login_required
@never_cache
@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    pairs = selectors.get_pairs_for(request.user, code, request.edition, at=clock.now())
    return _page(request, pairs)


@login_required
@never_cache
@require_safe
def of_department(request: Request, pk: int) -> HttpResponse:
    """For organizers, of any edition."""
    return _page(request, selectors.get_pairs_of(request.user, pk, at=clock.now()))


def _page(request: Request, pairs: selectors.Pairs) -> HttpResponse:
    journal.record_view("pair.viewed", pairs.department, by=request.user, at=clock.now())
    pair = pairs.chosen(request.GET.get("first", ""), request.GET.get("second", ""))
    context = {"pairs": pairs, "pair": pair, "totals": pairs.totals(pair) if pair else []}
    return render(request, "judging/deliberation/pair.html", context)
