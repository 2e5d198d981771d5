"""A jury's set-up, by the organizers: what is marked on, and by whom."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.core import clock
from hackathon.editions.models import Department
from judging import selectors
from judging.enums import JurorKind
from judging.forms import CriterionForm, JurorForm, SeatForm
from judging.services import criteria, jury
from judging.views.answers import SignedIn, accepted, act, page, sent


@login_required
@never_cache
@require_safe
def overview(request: SignedIn, pk: int) -> HttpResponse:
    """The criteria and the jury of a department."""
    department = selectors.get_department_for(request.user, pk)
    found = selectors.criteria_of(department)
    weight = sum(criterion.weight for criterion in found)
    context = {
        "department": department,
        "criteria": [(criterion, 100 * criterion.weight / weight) for criterion in found],
        "jurors": selectors.jurors_of(department),
        "begun": selectors.scoring_has_begun(department),
        "locked": selectors.is_locked(department),
    }
    return render(request, "judging/setup.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create_criterion(request: SignedIn, pk: int) -> HttpResponse:
    """One more criterion, after the others."""
    department = selectors.get_department_for(request.user, pk)
    position = 1 + max((c.position for c in selectors.criteria_of(department)), default=0)
    form = CriterionForm(sent(request), initial={"position": position})
    if accepted(
        form,
        lambda: criteria.save(
            department=department, **form.cleaned_data, by=request.user, at=clock.now()
        ),
    ):
        messages.success(request, _("Critère ajouté."))
        return redirect(_setup(department))
    return page(request, "judging/criterion.html", form, department=department)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_criterion(request: SignedIn, pk: int, criterion_pk: int) -> HttpResponse:
    """Change a criterion."""
    department = selectors.get_department_for(request.user, pk)
    criterion = selectors.get_criterion_of(department, criterion_pk)
    form = CriterionForm(sent(request), instance=criterion)
    if accepted(
        form,
        lambda: criteria.save(
            department=department,
            criterion=criterion,
            **form.cleaned_data,
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Critère enregistré."))
        return redirect(_setup(department))
    context = {"department": department, "criterion": criterion}
    return page(request, "judging/criterion.html", form, **context)


@login_required
@require_POST
def delete_criterion(request: SignedIn, pk: int, criterion_pk: int) -> HttpResponse:
    """Take a criterion away."""
    department = selectors.get_department_for(request.user, pk)
    criterion = selectors.get_criterion_of(department, criterion_pk)
    return act(
        request,
        lambda: criteria.delete(criterion=criterion, by=request.user, at=clock.now()),
        done=_("Critère supprimé."),
        to=_setup(department),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: SignedIn, pk: int) -> HttpResponse:
    """Seat somebody by their address; who is new gets an account, and everybody a mail."""
    department = selectors.get_department_for(request.user, pk)
    form = JurorForm(sent(request))
    sign_in_url = request.build_absolute_uri(reverse("account_login"))
    if accepted(
        form,
        lambda: jury.appoint(
            department=department,
            **form.cleaned_data,
            sign_in_url=sign_in_url,
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(
            request, _("{email} est du jury et reçoit une invitation.").format(**form.cleaned_data)
        )
        return redirect(_setup(department))
    return page(request, "judging/juror.html", form, department=department)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_juror(request: SignedIn, pk: int, juror_pk: int) -> HttpResponse:
    """Change in what quality somebody sits."""
    department = selectors.get_department_for(request.user, pk)
    juror = selectors.get_juror_of(department, juror_pk)
    initial = {"kind": juror.kind, "is_president": juror.is_president}
    form = SeatForm(sent(request), initial=initial)
    if accepted(
        form,
        lambda: jury.appoint(
            department=department,
            email=juror.user.email,
            kind=JurorKind(form.cleaned_data["kind"]),
            is_president=form.cleaned_data["is_president"],
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Enregistré."))
        return redirect(_setup(department))
    return page(request, "judging/juror.html", form, department=department, juror=juror)


@login_required
@require_POST
def dismiss(request: SignedIn, pk: int, juror_pk: int) -> HttpResponse:
    """Take somebody's seat away."""
    department = selectors.get_department_for(request.user, pk)
    juror = selectors.get_juror_of(department, juror_pk)
    return act(
        request,
        lambda: jury.dismiss(juror=juror, by=request.user, at=clock.now()),
        done=_("{name} n’est plus du jury.").format(name=juror.user.display_name),
        to=_setup(department),
    )


def _setup(department: Department) -> str:
    return reverse("judging:setup", args=[department.pk])
