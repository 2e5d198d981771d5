"""What everybody sees, and the question to a member of a team."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, edition_of, perform
from hackathon.event.editions.selectors import get_published_edition
from hackathon.extras.photographs import files, selectors, services
from hackathon.extras.photographs.forms import AnswerForm
from teams.selectors.teams import get_membership_of

CARD = "#own-image-right"


@never_cache
@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    now = clock.now()
    edition = get_published_edition(slug, at=now)
    context = {
        "published": edition,
        "tab": "photographs:public-index",
        "photographs": selectors.public_photographs(edition, at=now),
    }
    return render(request, "photographs/public_index.html", context)


@require_safe
def picture(request: HttpRequest, slug: str, pk: uuid.UUID, size: str) -> HttpResponseBase:
    now = clock.now()
    edition = get_published_edition(slug, at=now)
    return files.picture(selectors.get_public(edition, pk, at=now), size, request)


@login_required
@require_POST
def answer(request: Request) -> HttpResponse:
    membership = get_membership_of(request.user, edition_of(request))
    form, to = AnswerForm(request.POST), reverse("teams:mine") + CARD
    if not form.is_valid():
        messages.error(request, _("Choisissez une des réponses."))
        return redirect(to)
    return perform(
        request,
        lambda: services.answer(
            membership.edition, request.user, agrees=form.cleaned_data["agrees"], at=clock.now()
        ),
        done=_("C’est enregistré. Vous pouvez changer d’avis à tout moment."),
        to=to,
    )
