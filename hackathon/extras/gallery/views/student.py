"""What a member chooses for the works of the own team."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, edition_of, form_page, perform, posted
from hackathon.extras.gallery import parts, rules, selectors, services
from hackathon.extras.gallery.forms import CircleForm, SentenceForm
from teams.enums import ReceiptMails
from teams.selectors.teams import get_membership_of
from teams.services import membership as memberships

CARD = "#own-gallery"


@never_cache
@login_required
@require_safe
def card(request: Request) -> HttpResponse:
    edition = edition_of(request)
    get_membership_of(request.user, edition)
    return HttpResponse(parts.own_gallery(request, edition))


@login_required
@require_POST
def choose(request: Request) -> HttpResponse:
    membership = get_membership_of(request.user, edition_of(request))
    form = CircleForm(request.POST)
    to = reverse("teams:mine") + CARD
    if not form.is_valid():
        messages.error(request, _("Choisissez une des réponses."))
        return redirect(to)
    circle: Any = form.cleaned_data["circle"]
    return perform(
        request,
        lambda: memberships.choose(
            membership,
            receipt_mails=ReceiptMails(membership.receipt_mails),
            shows_works_to=circle,
            at=clock.now(),
        ),
        done=_("C’est enregistré. Vous pouvez changer d’avis à tout moment."),
        to=to,
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sentence(request: Request) -> HttpResponse:
    membership = get_membership_of(request.user, edition_of(request))
    stored = selectors.sentence_of(membership.team)
    form = SentenceForm(posted(request), initial={"text": stored})
    if accepted(
        form,
        lambda: services.write_sentence(
            membership.team, form.cleaned_data["text"], by=request.user, at=clock.now()
        ),
    ):
        messages.success(request, _("C’est enregistré."))
        return redirect(reverse("teams:mine") + CARD)
    refusal = rules.sentence_refusal(membership.edition, at=clock.now())
    return form_page(request, "gallery/sentence.html", form, membership=membership, refusal=refusal)
