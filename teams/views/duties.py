from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, edition_of, form_page, perform, posted
from hackathon.event.editions.selectors import organized_edition
from teams.errors import HelpRefusal, TeamRefusal
from teams.forms.organizers import DutyForm
from teams.selectors import calls as selectors
from teams.services import duties


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    form = DutyForm(posted(request), edition=edition)
    if outcome := accepted(
        form,
        lambda: duties.give(edition=edition, **form.cleaned_data, by=request.user, at=clock.now()),
        fields=dict.fromkeys([*TeamRefusal, *HelpRefusal, *AccountRefusal], "email"),
    ):
        done = _("%(name)s répond maintenant aux appels.")
        messages.success(request, done % {"name": outcome.result.user.display_name})
        return redirect("teams:duties")
    entered, of_jurors = selectors.all_duties(edition)
    return form_page(request, "teams/duties.html", form, entered=entered, of_jurors=of_jurors)


@login_required
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    duty = selectors.get_duty(edition, pk)
    return perform(
        request,
        lambda: duties.take_away(duty=duty, by=request.user, at=clock.now()),
        done=_("%(name)s ne répond plus à ces appels.") % {"name": duty.user.display_name},
        to="teams:duties",
    )
