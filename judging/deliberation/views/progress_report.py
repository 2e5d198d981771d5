from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.base.core import clock
from hackathon.base.core.errors import Refused
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Department
from judging.deliberation.forms import ReadingsForm, ReminderForm
from judging.deliberation.selectors import progress_report
from judging.deliberation.services import reminders
from judging.deliberation.services import second_readings as services
from judging.jury.selectors import get_department_for, get_president_for
from judging.models import Juror
from judging.setup.services import method


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: Request, code: str) -> HttpResponse:
    department, presides = progress_report.get_department_for(request.user, code, request.edition)
    return _report(request, department, presides=presides)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_department(request: Request, pk: int) -> HttpResponse:
    """For organizers, of any edition."""
    return _report(request, get_department_for(request.user, pk), presides=False)


def _report(request: Request, department: Department, *, presides: bool) -> HttpResponse:
    act: dict[str, Any] = {"department": department, "by": request.user, "at": clock.now()}
    if "hears" in request.POST:
        hears = request.POST["hears"] == "yes"
        choose = partial(method.hear_nominees, hears=hears, **act)
        return perform(request, choose, done="", to=request.path)
    form = ReminderForm(posted(request))
    reminded = accepted(
        form,
        lambda: reminders.remind(
            juror_pk=form.cleaned_data["juror"],
            list_url=request.build_absolute_uri(reverse("judging:index")),
            **act,
        ),
    )
    if reminded:
        messages.info(request, _reminded_text(reminded.result))
        return redirect(request.path)
    report = progress_report.report_of(
        department, reader=request.user, presides=presides, at=clock.now()
    )
    return form_page(request, "judging/deliberation/progress_report.html", form, found=report)


def _reminded_text(jurors: list[Juror]) -> str:
    if not jurors:
        return _("Aucun rappel à envoyer : le dernier a moins de dix minutes, ou tout est terminé.")
    names = ", ".join(juror.user.display_name for juror in jurors)
    return _("Rappel envoyé : {names}.").format(names=names)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_readings(request: Request, code: str) -> HttpResponse:
    juror = get_president_for(request.user, code, request.edition)
    act: dict[str, Any] = {"department": juror.department, "by": request.user, "at": clock.now()}
    form = ReadingsForm(posted(request))
    if accepted(form, lambda: services.assign(seen=form.cleaned_data["seen"], **act)):
        messages.success(request, _("Lecture donnée : elle est à la fin de la liste du juré."))
        return redirect("judging:deliberation", juror.department.code)
    # Without a proposal there is no page that could show the refusal.
    try:
        proposal = services.propose(**act)
    except Refused as refused:
        messages.error(request, str(refused.refusal))
        return redirect("judging:deliberation", juror.department.code)
    return form_page(
        request,
        "judging/deliberation/second_readings.html",
        form,
        juror=juror,
        proposed=proposal.reading,
        links=not proposal.ranking.result.is_comparable,
        seen=proposal.digest,
    )
