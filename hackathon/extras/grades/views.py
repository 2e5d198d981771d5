from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.base.core import clock, journal
from hackathon.base.core.exports import Columns, exported, xlsx_response
from hackathon.base.core.views import Request, form_page, posted_with_files
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.extras.grades import rules, selectors
from hackathon.extras.grades.forms import EvaluationForm

# A file has one key, and no line without it: Moodle gives the mark of a line with an empty key to
# the student of the line before.
EMAIL, NUMBER = "email", "number"
KEYS: dict[str, Columns] = {
    EMAIL: [(_("Adresse de courriel"), lambda grade: grade.email)],
    NUMBER: [(_("Numéro d’identification"), lambda grade: grade.number)],
}
OTHER_COLUMNS: Columns = (
    (_("Nom"), lambda grade: grade.name),
    (_("Département"), lambda grade: grade.department),
    (_("Équipe"), lambda grade: grade.team),
    (_("Note sur 20"), lambda grade: grade.for_moodle()),
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_organizers
def grades(request: Request, edition: Edition) -> HttpResponse:
    """The grades as a table, or in the sheet of an evaluation that is posted."""
    now = clock.now()
    all_grades = selectors.grades_of(edition, at=now)
    form = EvaluationForm(*posted_with_files(request))
    key = NUMBER if request.GET.get("key") == NUMBER else EMAIL
    ((title, cell),) = KEYS[key]
    keyed = [grade for grade in all_grades if cell(grade)]
    name = f"notes-etudiants-{edition.slug}" + ("-par-numero" if key == NUMBER else "")
    columns = (*KEYS[key], *OTHER_COLUMNS)
    file = exported(request, name, columns, lambda: keyed, point=".")  # as Moodle needs it
    if file is None and form.is_valid():
        first, *rows = rules.filled(form.cleaned_data["file"], all_grades)
        file = xlsx_response(f"notes-scodoc-{edition.slug}", [str(c) for c in first], rows)
    if file is not None:
        journal.record_view("grades.exported", edition, by=request.user, at=now)
        return file
    context = {
        "managed": edition,
        "people": len(all_grades),
        "without_mark": sum(g.mark is None and not g.is_absent for g in all_grades),
        "by_number": key == NUMBER,
        "key_title": title,
        "keyed": keyed,
        "left_out": [grade for grade in all_grades if not cell(grade)],
    }
    return form_page(request, "grades/grades.html", form, **context)
