from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.base.core import clock
from hackathon.base.core.errors import NotFound
from hackathon.base.core.views import Request, accepted, is_htmx, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.editions.views.tables import DepartmentTable, department_table, stored_rows
from judging.deliberation.forms import PassageCriterionRow, PassageForm
from judging.deliberation.selectors import hearings as selectors
from judging.deliberation.services import hearings as services
from judging.jury.selectors import criteria_by_department, departments_with_marks
from judging.models import PassageCriterion, PassageMark
from judging.setup.views.overview import setup_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hearing(request: Request, code: str) -> HttpResponse:
    """Saved per nominee: `team` is the one whose marks are sent."""
    juror, stage = selectors.get_hearing_juror_for(request.user, code, request.edition)
    criteria = selectors.passage_criteria_of(juror.department)
    data = posted(request)
    sent = request.POST.get("team", "")
    forms: dict[str, PassageForm] = {}
    for passage in selectors.passages_of(juror):
        pk = str(passage.team.pk)
        forms[pk] = PassageForm(criteria, passage, data if sent == pk else None)
    context = {"juror": juror, "closed": stage.is_decided, "criteria": criteria}
    status = 200
    if data is not None:
        form = forms.get(sent)
        if form is None or form.passage.is_recused:
            raise NotFound
        team = form.passage.team
        saved = accepted(
            form,
            lambda: services.mark(
                juror=juror, team=team, marks=form.marks, by=request.user, at=clock.now()
            ),
        )
        if is_htmx(request):  # htmx swaps in only what has status 200
            context |= {"form": form, "saved": bool(saved)}
            return render(request, "judging/deliberation/_heard_team.html", context)
        if saved:
            return redirect(f"{request.path}#passage-{team.pk}")
        status = 422
    context["forms"] = list(forms.values())
    return render(request, "judging/deliberation/hearing.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def criteria_table(request: Request, edition: Edition) -> HttpResponse:
    return department_table(request, edition, TABLE)


TABLE = DepartmentTable(
    name="judging:heard-criteria",
    title=gettext_lazy("Critères des passages"),
    intro=gettext_lazy(
        "Ce que le jury note sur 20 pendant qu’il entend les nommés. Sans critère, il écoute sans"
        " noter. Ces notes ne changent pas le classement."
    ),
    form=PassageCriterionRow,
    stored=lambda edition: stored_rows(
        PassageCriterionRow.base_fields, criteria_by_department(edition, PassageCriterion)
    ),
    save=services.save_table,
    page=setup_of,
    closed=lambda edition: departments_with_marks(edition, PassageMark),
    closed_text=gettext_lazy("Le jury note déjà les passages : leurs critères ne changent plus."),
    rows=4,
)
