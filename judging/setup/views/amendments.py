from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, posted
from judging.jury.selectors import criteria_of, get_criterion_of, get_president_for, is_locked
from judging.setup.forms import AmendForm
from judging.setup.selectors import amendments_of
from judging.setup.services import criteria


@login_required
@never_cache
@require_safe
def overview(request: Request, code: str) -> HttpResponse:
    juror = get_president_for(request.user, code, request.edition)
    context = {
        "juror": juror,
        "criteria": criteria_of(juror.department),
        "locked": is_locked(juror.department),
        "amendments": amendments_of(juror.department),
    }
    return render(request, "judging/setup/amend_list.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: Request, code: str, criterion_pk: int) -> HttpResponse:
    juror = get_president_for(request.user, code, request.edition)
    criterion = get_criterion_of(juror.department, criterion_pk)
    name = criterion.name
    form = AmendForm(posted(request), instance=criterion)
    if accepted(
        form,
        lambda: criteria.amend(
            criterion=criterion, **form.cleaned_data, by=request.user, at=clock.now()
        ),
    ):
        messages.success(request, _("Critère changé, motif gardé dans le journal."))
        return redirect("judging:amend-criteria", juror.department.code)
    return form_page(request, "judging/setup/amend.html", form, juror=juror, name=name)
