from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from judging.jury.readings import is_judged_by
from judging.jury.selectors import (
    get_department_for,
    get_juror_for,
    get_own_recusal,
    get_recusal_of,
    get_team_of_jury,
    is_locked,
    jurors_of,
    own_recusals,
    recusals_of,
    teams_of,
)
from judging.setup.forms import ReasonForm, RecusalForm
from judging.setup.services import recusals
from judging.setup.views.overview import setup_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request, pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    teams = teams_of(department)
    form = RecusalForm(jurors_of(department), teams, posted(request))
    form.initial["juror"] = request.GET.get("juror", "")
    if accepted(form, lambda: recusals.make(**form.cleaned_data, by=request.user, at=clock.now())):
        messages.success(request, _("Déport enregistré."))
        return redirect(setup_of(department) + "#recusals")
    return form_page(request, "judging/setup/recusal.html", form, department=department)


@login_required
@require_POST
def withdraw(request: Request, pk: int, recusal_pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    recusal = get_recusal_of(department, recusal_pk)
    return perform(
        request,
        lambda: recusals.withdraw(recusal=recusal, by=request.user, at=clock.now()),
        done=_("Déport retiré."),
        to=setup_of(department) + "#recusals",
    )


@login_required
@never_cache
@require_safe
def mine(request: Request, code: str) -> HttpResponse:
    juror = get_juror_for(request.user, code, request.edition)
    own = own_recusals(juror)
    recused = {recusal.team_id for recusal in own}
    context = {
        "juror": juror,
        "recusals": own,
        "others": [t for t in teams_of(juror.department) if t.pk not in recused],
        "all_recusals": recusals_of(juror.department) if juror.is_president else [],
        "locked": is_locked(juror.department),
    }
    return render(request, "judging/setup/recusals.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: Request, code: str, team_pk: int) -> HttpResponse:
    juror = get_juror_for(request.user, code, request.edition)
    team = get_team_of_jury(juror, team_pk)
    form = ReasonForm(posted(request))
    if accepted(
        form,
        lambda: recusals.make(
            juror=juror,
            team=team,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Vous ne jugez plus {team}.").format(team=team.name))
        return redirect("judging:index")
    reads = is_judged_by(juror, team.pk)
    return form_page(
        request, "judging/setup/recuse.html", form, juror=juror, team=team, reads=reads
    )


@login_required
@require_POST
def withdraw_own(request: Request, code: str, recusal_pk: int) -> HttpResponse:
    juror = get_juror_for(request.user, code, request.edition)
    recusal = get_own_recusal(juror, recusal_pk)
    return perform(
        request,
        lambda: recusals.withdraw(recusal=recusal, by=request.user, at=clock.now()),
        done=_("Déport retiré."),
        to=reverse("judging:my-recusals", args=[juror.department.code]),
    )
