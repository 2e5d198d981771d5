from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.errors import refuse
from hackathon.base.core.file_responses import pdf_response
from hackathon.base.core.views import Request, accepted, edition_of, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import answer, for_organizers
from hackathon.event.roles import roles_of_request
from hackathon.extras.favourite import selectors, services, sheets
from hackathon.extras.favourite.errors import FavouriteRefusal
from hackathon.extras.favourite.forms import BadgesForm, FavouriteForm, RevokeForm

BADGE = "hall_badge"  # in the session: the id of the badge whose code was given
ACTS: dict[str, tuple[Any, type[forms.Form], Any]] = {
    "open": (services.open_by_hand, forms.Form, _("Le vote est ouvert.")),
    "close": (services.close, forms.Form, _("Le vote est clos.")),
    "revoke": (services.revoke_badges, RevokeForm, _("Ces badges sont annulés.")),
    "badges": (services.print_badges, BadgesForm, ""),
}


# ---------------------------------------------------------------- the hall


@never_cache
@sensitive_post_parameters("team")
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest) -> HttpResponse:
    """The team is in the body, so that no log of addresses has it."""
    favourite = selectors.get_favourite(edition_of(request))
    badge = request.session.get(BADGE)
    voter = selectors.voter_of(favourite, request.user, roles_of_request(request), badge)
    if request.method == "POST":
        team = request.POST.get("team", "")
        return perform(
            request,
            lambda: services.vote(favourite=favourite, voter=voter, team=team),
            done="",
            to=reverse("favourite:vote"),
        )
    context: dict[str, Any] = {"favourite": favourite, "voter": voter}
    if voter is not None and favourite.is_open:
        context["has_voted"] = selectors.has_voted(favourite, voter)
        context["teams"] = selectors.choices(favourite, voter)
    return render(request, "favourite/vote.html", context)


@sensitive_post_parameters("code")
@require_POST
def badge(request: HttpRequest) -> HttpResponse:
    favourite = selectors.get_favourite(edition_of(request))
    if found := selectors.find_badge(favourite, request.POST.get("code", "")):
        request.session[BADGE] = found.pk
    else:
        messages.error(request, str(refuse(FavouriteRefusal.UNKNOWN_BADGE)))
    return redirect("favourite:vote")


# ---------------------------------------------------------------- organizers


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    favourite = selectors.find_favourite(edition)
    form = FavouriteForm(posted(request), favourite=favourite)
    return answer(
        request,
        form,
        lambda: services.prepare(
            edition=edition, by=request.user, at=clock.now(), **form.cleaned_data
        ),
        page="favourite/index.html",
        context={
            "managed": edition,
            "favourite": favourite,
            "voters": selectors.voters(favourite),
            "badges_form": BadgesForm(),
            "revoke_form": RevokeForm(),
        },
        done=str(_("Le prix est enregistré.")),
        to=lambda _saved: reverse("favourite:index", args=[edition.slug]),
    )


@require_POST
@for_organizers
def act(request: Request, edition: Edition, name: str) -> HttpResponseBase:
    """A button, or a form whose fields the browser checks."""
    service, form_of, done = ACTS[name]
    favourite, form = selectors.get_favourite(edition), form_of(request.POST)
    values: dict[str, Any] = {"favourite": favourite, "by": request.user, "at": clock.now()}
    if outcome := accepted(form, lambda: service(**values, **form.cleaned_data)):
        if outcome.result:
            pdf = sheets.badges(favourite, outcome.result)
            return pdf_response(pdf, filename=f"badges-salle-{edition.slug}.pdf", request=request)
        messages.success(request, done)
    for error in [error for errors in form.errors.values() for error in errors]:
        messages.error(request, str(error))
    return redirect("favourite:index", edition.slug)
