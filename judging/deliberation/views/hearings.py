from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hackathon.base.core.views import Request
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.editions.views.tables import DepartmentTable, department_table, stored_rows
from judging.deliberation.forms import PassageCriterionRow
from judging.deliberation.services import hearings as services
from judging.jury.selectors import criteria_by_department, departments_with_marks
from judging.models import PassageCriterion, PassageMark
from judging.setup.views.overview import setup_of


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
