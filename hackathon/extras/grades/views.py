from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock, journal
from hackathon.base.core.exports import Columns, exported, xlsx_response
from hackathon.base.core.views import (
    Request,
    accepted,
    form_page,
    perform,
    posted,
    posted_with_files,
)
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers, not_for_readers
from hackathon.extras.grades import rules, selectors, services
from hackathon.extras.grades.forms import EvaluationForm, OwnGradeForm

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
        "without_mark": sum(grade.is_missing for grade in all_grades),
        "by_number": key == NUMBER,
        "key_title": title,
        "keyed": keyed,
        "left_out": [grade for grade in all_grades if not cell(grade)],
    }
    return form_page(request, "grades/grades.html", form, **context)


@require_safe
@never_cache
@not_for_readers
@for_organizers
def own_grades(request: Request, edition: Edition) -> HttpResponse:
    context = {"managed": edition, "own_grades": selectors.own_grades(edition)}
    return render(request, "grades/own_grades.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@not_for_readers
@for_organizers
def own_grade(request: Request, edition: Edition, pk: int) -> HttpResponse:
    """`pk`: of the membership."""
    member = selectors.get_member(edition, pk)
    own = selectors.own_grade_of(member.user_id, edition)
    form = OwnGradeForm(posted(request), own=own)
    if accepted(
        form,
        lambda: services.give(member, by=request.user, at=clock.now(), **form.cleaned_data),
    ):
        messages.success(request, gettext("C’est enregistré."))
        return redirect("grades:own-grades", edition.slug)
    context = {"managed": edition, "member": member, "own": own}
    return form_page(request, "grades/own_grade.html", form, **context)


@require_POST
@not_for_readers
@for_organizers
def withdraw(request: Request, edition: Edition, pk: int) -> HttpResponse:
    own = selectors.get_own_grade(edition, pk)
    return perform(
        request,
        lambda: services.withdraw(own, by=request.user, at=clock.now()),
        done=gettext("La note de l’équipe compte de nouveau pour cette personne."),
        to=reverse("grades:own-grades", args=[edition.slug]),
    )
