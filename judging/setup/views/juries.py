"""What an organizer does for all juries of an edition at once."""

from functools import partial
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.views import Request, refusal_of
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from judging.plan import services as plans
from judging.setup.selectors import juries_of
from judging.setup.services import badges as badge_services
from judging.setup.services import seats
from judging.setup.views.seats import badges_response, sign_in_url


class KeyForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)


@never_cache
@require_http_methods(["GET", "HEAD"])
@for_organizers
def overview(request: Request, edition: Edition) -> HttpResponse:
    juries = juries_of(edition)
    context = {
        "managed": edition,
        "juries": juries,
        "jurors": sum(len(jury.jurors) for jury in juries),
        "never_came": sum(jury.never_came for jury in juries),
        "without_badge": sum(jury.without_badge for jury in juries),
        "form": KeyForm(initial={"key": uuid4()}),
    }
    return render(request, "judging/setup/juries.html", context)


@require_POST
@for_organizers
def invite(request: Request, edition: Edition) -> HttpResponse:
    count = sum(
        seats.invite(
            department=department,
            sign_in_url=sign_in_url(request),
            by=request.user,
            at=clock.now(),
        )
        for department in edition.departments.all()
    )
    text = ngettext("{n} juré reçoit un e-mail.", "{n} jurés reçoivent un e-mail.", count)
    messages.success(request, text.format(n=count) if count else _("Personne à inviter."))
    return redirect("judging:juries", edition.slug)


@require_POST
@for_organizers
def plan(request: Request, edition: Edition) -> HttpResponse:
    """One jury after the other: what refuses one does not undo the others."""
    made = []
    for department in edition.departments.all():
        make = partial(plans.make, department=department, by=request.user, at=clock.now())
        if refusal := refusal_of(make):
            messages.error(request, f"{department.code} : {refusal}")
        else:
            made.append(department.code)
    if made:
        text = _("Plans de lecture établis ou réparés : {codes}.")
        messages.success(request, text.format(codes=", ".join(made)))
    return redirect("judging:juries", edition.slug)


@never_cache
@require_POST
@for_organizers
def badges(request: Request, edition: Edition) -> HttpResponseBase:
    """Of jurors who have none. A form that is sent twice prints the same badges."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect("judging:juries", edition.slug)
    made = badge_services.issue_missing(
        edition=edition, key=form.cleaned_data["key"], by=request.user, at=clock.now()
    )
    if not made:
        messages.success(request, _("Chaque juré a déjà un badge."))
        return redirect("judging:juries", edition.slug)
    return badges_response(request, edition, made)
