import json

from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hackathon.base.accounts.second_factor import factor_required
from hackathon.base.core import clock
from hackathon.base.core.views import Request, perform
from hackathon.run.privacy import export
from hackathon.run.privacy.services import consents

ROWS_SHOWN = 50


@login_required
@factor_required
@never_cache
@require_safe
def data(request: Request) -> HttpResponse:
    context = {"sections": export.readable(request.user), "most": ROWS_SHOWN}
    return render(request, "privacy/own.html", context)


@login_required
@factor_required
@never_cache
@require_safe
def download(request: Request) -> HttpResponse:
    own = export.as_data(request.user, at=clock.now())
    body = json.dumps(own, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{_("mes-donnees")}.json"'
    return response


@login_required
@never_cache
@require_safe
def agreed(request: Request) -> HttpResponse:
    return render(
        request, "privacy/consents.html", {"consents": consents.consents_of(request.user)}
    )


@login_required
@require_POST
def withdraw(request: Request, kind: str, pk: int) -> HttpResponse:
    return perform(
        request,
        lambda: consents.withdraw(request.user, kind, pk, at=clock.now()),
        done=_("Accord retiré."),
        to=reverse("privacy:consents"),
    )
