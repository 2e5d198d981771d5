"""Who answers calls for help, entered by the organizers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.accounts.selectors import person
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.editions.selectors import organized_edition
from teams.forms import DutyForm
from teams.selectors import calls as selectors
from teams.services import duties


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Everybody who answers, and a form for one more."""
    edition = organized_edition(request.user, request.edition)  # type: ignore[attr-defined]
    form = DutyForm(request.POST if request.method == "POST" else None, edition=edition)
    if form.is_bound and form.is_valid():
        try:
            duty = duties.give(
                edition=edition, **form.cleaned_data, by=person(request), at=clock.now()
            )
        except Refused as refused:
            form.add_error("email", str(refused.refusal))
        else:
            said = _("%(name)s répond maintenant aux appels.")
            messages.success(request, said % {"name": duty.user.display_name})
            return redirect("teams:duties")
    entered, by_seat = selectors.all_duties(edition)
    context = {"form": form, "entered": entered, "by_seat": by_seat}
    return render(request, "teams/duties.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """One duty less."""
    edition = organized_edition(request.user, request.edition)  # type: ignore[attr-defined]
    duty = selectors.get_duty(edition, pk)
    try:
        duties.take_away(duty=duty, by=person(request), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        said = _("%(name)s ne répond plus à ces appels.")
        messages.success(request, said % {"name": duty.user.display_name})
    return redirect("teams:duties")
