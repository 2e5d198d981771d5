from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.core import clock, journal
from hackathon.core.exports import Columns, exported, xlsx_response
from hackathon.core.views import Request, form_page, posted_with_files
from hackathon.editions.models import Edition
from hackathon.editions.views.setup import for_organizers
from hackathon.grades import rules, selectors
from hackathon.grades.forms import EvaluationForm

COLUMNS: Columns = (
    (_("Numéro d’identification"), lambda grade: grade.number),
    (_("Adresse de courriel"), lambda grade: grade.email),
    (_("Nom"), lambda grade: grade.name),
    (_("Département"), lambda grade: grade.department),
    (_("Équipe"), lambda grade: grade.team),
    (_("Note sur 20"), lambda grade: "" if grade.is_absent else grade.text()),
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_organizers
def grades(request: Request, edition: Edition) -> HttpResponse:
    """The grades as a table, or in the sheet of an evaluation that is posted."""
    now = clock.now()
    all_grades = selectors.grades_of(edition, at=now)
    form = EvaluationForm(*posted_with_files(request))
    file = exported(request, f"notes-etudiants-{edition.slug}", COLUMNS, lambda: all_grades)
    if file is None and form.is_valid():
        first, *rows = rules.filled(form.cleaned_data["file"], all_grades)
        file = xlsx_response(f"notes-scodoc-{edition.slug}", [str(c) for c in first], rows)
    if file is not None:
        journal.record_view("grades.exported", edition, by=request.user, at=now)
        return file
    context = {
        "managed": edition,
        "people": len(all_grades),
        "without_mark": sum(not grade.text() for grade in all_grades),
        "without_number": sum(not grade.number for grade in all_grades),
    }
    return form_page(request, "grades/grades.html", form, **context)
