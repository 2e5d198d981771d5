from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.views import Request, perform
from judging.jury.selectors import get_juror_for
from judging.scoring.forms import OfferForm
from judging.scoring.services import offers


@login_required
@require_POST
def answer(request: Request, code: str) -> HttpResponse:
    juror = get_juror_for(request.user, code, request.edition)
    form = OfferForm(request.POST)
    shown = form.cleaned_data["team"] if form.is_valid() else 0
    act: dict[str, Any] = {"juror": juror, "by": request.user, "at": clock.now()}
    if form.is_valid() and form.cleaned_data["decline"]:
        return perform(
            request, lambda: offers.decline(team_pk=shown, **act), done="", to="judging:index"
        )
    try:
        team = offers.accept(**act)
    except Refused as refused:
        messages.info(request, str(refused.refusal))
        return redirect("judging:index")
    if team.pk != shown:
        text = _("L’autre lecture vient d’être prise : celle-ci est aussi utile au jury.")
        messages.info(request, text)
    return redirect("judging:sheet", juror.department.code, team.pk)
