from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.views import Request, accepted, form_page, posted
from judging.deliberation.forms import ReadingsForm
from judging.deliberation.selectors import progress_report
from judging.deliberation.services import second_readings as services
from judging.jury.selectors import get_department_for, get_president_for


@login_required
@never_cache
@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    department, presides = progress_report.get_department_for(request.user, code, request.edition)
    report = progress_report.report_of(department, presides=presides, at=clock.now())
    return render(request, "judging/deliberation/progress_report.html", {"found": report})


@login_required
@never_cache
@require_safe
def of_department(request: Request, pk: int) -> HttpResponse:
    """For organizers, of any edition."""
    department = get_department_for(request.user, pk)
    report = progress_report.report_of(department, presides=False, at=clock.now())
    return render(request, "judging/deliberation/progress_report.html", {"found": report})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_readings(request: Request, code: str) -> HttpResponse:
    juror = get_president_for(request.user, code, request.edition)
    act: dict[str, Any] = {"department": juror.department, "by": request.user, "at": clock.now()}
    form = ReadingsForm(posted(request))
    if accepted(form, lambda: services.assign(seen=form.cleaned_data["seen"], **act)):
        messages.success(
            request, _("Secondes lectures réparties : les jurés les voient dans leur liste.")
        )
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
        proposed=progress_report.proposed_readings(proposal.ranking, proposal.readings),
        links=not proposal.ranking.result.is_comparable,
        seen=proposal.digest,
    )
