from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.base.core import clock
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.event.editions.models import Department
from judging.jury.selectors import (
    criteria_of,
    get_department_for,
    jurors_of,
    jurors_with_badge,
    never_came,
    recusals_of,
)
from judging.plan.selectors import plan_of
from judging.setup.forms import RulesForm
from judging.setup.services import method

JURORS: Columns = [
    (gettext_lazy("Nom"), lambda juror: juror.user.display_name),
    (gettext_lazy("Adresse e-mail"), lambda juror: juror.user.email),
    (gettext_lazy("Qualité"), lambda juror: juror.get_kind_display()),
    (gettext_lazy("Préside"), lambda juror: _("oui") if juror.is_president else ""),
    (gettext_lazy("Dernière connexion"), lambda juror: juror.user.last_login),
    (gettext_lazy("Parti"), lambda juror: juror.left_at),
]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: Request, pk: int) -> HttpResponse:
    department = get_department_for(request.user, pk)
    name = f"jury-{department.code}-{department.edition.slug}"
    if file := exported(request, name, JURORS, lambda: jurors_of(department)):
        return file
    plan = plan_of(department)
    form = RulesForm(plan.rules, posted(request), begun=plan.begun)
    if accepted(
        form,
        lambda: method.choose(
            department=department, **form.cleaned_data, by=request.user, at=clock.now()
        ),
    ):
        messages.success(request, _("Règles du jury enregistrées."))
        return redirect(setup_of(department))
    listed = criteria_of(department)
    weight = sum(criterion.weight for criterion in listed)
    jurors = jurors_of(department)
    context = {
        "department": department,
        "criteria": [(criterion, 100 * criterion.weight / weight) for criterion in listed],
        "jurors": jurors,
        "with_badge": jurors_with_badge(department),
        "has_president": any(j.is_president and j.left_at is None for j in jurors),
        "never_came": len(never_came(department)),
        "recusals": recusals_of(department),
        "plan": plan,
        "begun": plan.begun,
        "locked": plan.locked,
    }
    return form_page(request, "judging/setup/setup.html", form, **context)


def setup_of(department: Department) -> str:
    return reverse("judging:setup", args=[department.pk])
