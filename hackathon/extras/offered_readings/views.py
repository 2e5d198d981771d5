from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hackathon.base.core import clock
from hackathon.base.core.errors import Refused
from hackathon.base.core.views import Request, perform
from hackathon.extras.offered_readings import services
from hackathon.extras.offered_readings.forms import OfferForm
from hackathon.extras.offered_readings.selectors import get_switched
from judging.jury.selectors import get_juror_for


@login_required
@require_POST
def answer(request: Request, code: str) -> HttpResponse:
    juror = get_juror_for(request.user, code, request.edition)
    form = OfferForm(request.POST)
    shown = form.cleaned_data["team"] if form.is_valid() else 0
    act: dict[str, Any] = {"juror": juror, "by": request.user, "at": clock.now()}
    if form.is_valid() and form.cleaned_data["decline"]:
        return perform(
            request, lambda: services.decline(team_pk=shown, **act), done="", to="judging:index"
        )
    try:
        team = services.accept(**act)
    except Refused as refused:
        messages.info(request, str(refused.refusal))
        return redirect("judging:index")
    if team.pk != shown:
        text = _("L’autre lecture vient d’être prise : celle-ci est aussi utile au jury.")
        messages.info(request, text)
    return redirect("judging:sheet", juror.department.code, team.pk)


@login_required
@require_POST
def switch(request: Request, pk: int) -> HttpResponse:
    """Posts `offers`: `yes` or `no`."""
    department, presides = get_switched(request.user, pk)
    page = ("judging:progress-report", department.code) if presides else ("judging:progress", pk)
    offers = request.POST.get("offers") == "yes"
    act: dict[str, Any] = {"department": department, "by": request.user, "at": clock.now()}
    return perform(
        request,
        lambda: services.switch(offers=offers, **act),
        done="",
        to=reverse(page[0], args=page[1:]),
    )
