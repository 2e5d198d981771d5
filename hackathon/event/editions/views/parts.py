import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock, markdown
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.views import Request, is_htmx, perform, posted, posted_with_files
from hackathon.event.editions import forms, moves, program, rules, selectors
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.moves import Move
from hackathon.event.editions.services import briefs, departments, schedule
from hackathon.event.editions.services.tables import Change, Copies
from hackathon.event.editions.views.setup import FIELD_OF, answer, for_organizers
from hackathon.event.editions.views.tables import DepartmentTable, Stored, department_table

PROGRAM: Columns = [
    (gettext_lazy("Quand"), lambda line: line.at),
    (gettext_lazy("Quoi"), lambda line: line.label),
    (gettext_lazy("Départements"), lambda line: line.departments),
]


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def milestones(request: Request, edition: Edition, pk: int | None = None) -> HttpResponse:
    milestone, at = selectors.get_milestone(edition, pk) if pk else None, clock.now()
    lines = program.lines_of(edition)
    if file := exported(request, f"horaires-{edition.slug}", PROGRAM, lambda: lines):
        return file
    form = forms.MilestoneForm(posted(request), edition=edition, milestone=milestone)
    context: dict[str, Any] = {
        "managed": edition,
        "milestone": milestone,
        "lines": lines,
        "undoable": moves.undoable(edition, at=at),
    }
    if milestone is not None and form.is_bound and form.is_valid():
        move = moves.preview_milestone(milestone, form.cleaned_data["milestone_at"], at=at)
        if moves.to_confirm(move, edition, request.POST.get("confirmed", ""), at=at):
            context |= {"form": form, "move": move}
            return render(request, "editions/milestones.html", context)
    return answer(
        request,
        form,
        lambda: schedule.save_milestone(
            edition=edition,
            milestone=milestone,
            by=request.user,
            at=at,
            **form.cleaned_data,
        ),
        page="editions/milestones.html",
        context=context,
        done=_("La journée est à jour."),
        to=lambda _saved: reverse("editions:milestones", args=[edition.slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def move_day(request: Request, edition: Edition) -> HttpResponse:
    at = clock.now()
    form = forms.DayForm(posted(request), initial={"to": edition.starts_at})
    context: dict[str, Any] = {"managed": edition}
    if form.is_bound and form.is_valid():
        move = program.preview(edition, form.cleaned_data["to"], at=at)
        if moves.to_confirm(move, edition, request.POST.get("confirmed", ""), at=at):
            context |= {"form": form, "move": move}
            return render(request, "editions/day_move.html", context)
    return answer(
        request,
        form,
        lambda: schedule.move_day(edition=edition, by=request.user, at=at, **form.cleaned_data),
        page="editions/day_move.html",
        context=context,
        done=_("Toute la journée est décalée, et les écrans ouverts avec elle."),
        to=lambda _moved: reverse("editions:milestones", args=[edition.slug]),
    )


@require_POST
@for_organizers
def delete_milestone(request: Request, edition: Edition, pk: int) -> HttpResponse:
    milestone = selectors.get_milestone(edition, pk)
    return perform(
        request,
        lambda: schedule.delete_milestone(milestone=milestone, by=request.user, at=clock.now()),
        done=_("L’étape est retirée de la journée."),
        to=reverse("editions:milestones", args=[edition.slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def department_list(request: Request, edition: Edition, pk: int | None = None) -> HttpResponse:
    department = selectors.get_department(edition, pk) if pk else None
    now = clock.now()
    act: dict[str, Any] = {"edition": edition, "by": request.user, "at": now}
    form: Form
    if department is None:
        form = several = forms.DepartmentsForm(posted(request))
    else:
        form = forms.DepartmentForm(posted(request), instance=department)

    def save() -> Any:
        if department is None:
            return departments.add(rows=several.rows, **act)
        return departments.save(department=department, **form.cleaned_data, **act)

    return answer(
        request,
        form,
        save,
        page="editions/departments.html",
        context={
            "managed": edition,
            "department": department,
            "departments": selectors.departments_with_briefs(edition, at=now),
        },
        done=_("Les départements sont enregistrés."),
        to=lambda _saved: reverse("editions:departments", args=[edition.slug]),
    )


@require_POST
@for_organizers
def delete_department(request: Request, edition: Edition, pk: int) -> HttpResponse:
    department = selectors.get_department(edition, pk)
    return perform(
        request,
        lambda: departments.delete(department=department, by=request.user, at=clock.now()),
        done=_("« %(name)s » est supprimé.") % {"name": department.name},
        to=reverse("editions:departments", args=[edition.slug]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def brief(request: Request, edition: Edition, pk: int) -> HttpResponse:
    department, at = selectors.get_department(edition, pk), clock.now()
    stored = selectors.brief_of(department)
    initial = _initial_brief(edition, stored)
    form = forms.BriefForm(*posted_with_files(request), initial=initial)
    context: dict[str, Any] = {
        "managed": edition,
        "department": department,
        "brief": stored,
        "versions": list(stored.versions.all()[1:]) if stored else [],
        "html": markdown.render(form["body"].value() or ""),
        "published": stored is not None and rules.brief_is_published(stored, at=at),
    }
    if "preview" in request.POST:
        page = "_preview.html" if is_htmx(request) else "brief_form.html"
        return render(request, f"editions/{page}", {**context, "form": form})
    if form.is_bound and form.is_valid():
        before = stored.published_at if stored else None
        moved = [(department, before, form.cleaned_data["published_at"])]
        move = moves.preview_publications(edition, moved, at=at)
        if moves.to_confirm(move, edition, request.POST.get("confirmed", ""), at=at):
            context |= {"form": form, "move": move}
            return render(request, "editions/brief_form.html", context)
    return answer(
        request,
        form,
        lambda: briefs.save(
            department=department,
            seen=initial if stored else {},
            by=request.user,
            at=at,
            **form.cleaned_data,
        ),
        page="editions/brief_form.html",
        context=context,
        done=_("Le sujet est enregistré."),
        to=lambda _saved: reverse("editions:brief-edit", args=[edition.slug, department.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def brief_table(request: Request, edition: Edition) -> HttpResponse:
    return department_table(request, edition, BRIEFS)


def _stored_briefs(edition: Edition) -> Stored:
    return {
        brief.department_id: {
            brief.pk: {
                "title": brief.title,
                "body": brief.body,
                "published_at": brief.published_at.replace(microsecond=0).isoformat(),
            }
        }
        for brief in selectors.briefs_of(edition)
    }


def _preview_briefs(
    edition: Edition, changes: Sequence[Change], copies: Copies | None, *, at: datetime
) -> Move | None:
    before = {brief.department: brief.published_at for brief in selectors.briefs_of(edition)}
    after = dict(before)
    for change in changes:
        values = change.row.values_for(before.get(change.department))
        if "published_at" in values:
            after[change.department] = values["published_at"]
    if copies is not None and copies.source in after:
        for target in copies.targets:
            after.setdefault(target, after[copies.source])
    instants = [(department, before.get(department), to) for department, to in after.items()]
    return moves.preview_publications(edition, instants, at=at)


BRIEFS = DepartmentTable(
    name="editions:brief-table",
    title=gettext_lazy("Sujets"),
    intro=gettext_lazy(
        "Avant son instant, un sujet n’existe que pour l’organisation."
        " Les pièces jointes sont copiées aussi, également vers un sujet qui existe ;"
        " on les retire sur la page du département."
    ),
    form=forms.BriefRow,
    stored=_stored_briefs,
    save=briefs.save_table,
    preview=_preview_briefs,
    page=lambda department: reverse(
        "editions:brief-edit", args=[department.edition.slug, department.pk]
    ),
    new=lambda edition: _initial_brief(edition, None),
    cells=FIELD_OF,
    rows=1,
    single=True,
)


def _initial_brief(edition: Edition, stored: Brief | None) -> dict[str, Any]:
    if stored is not None:
        return {name: getattr(stored, name) for name in ("title", "body", "published_at")}
    return {"published_at": rules.usual_publication(edition, selectors.moments(edition))}


@require_POST
@for_organizers
def restore(request: Request, edition: Edition, pk: int) -> HttpResponse:
    version = selectors.get_version(edition, pk)
    return perform(
        request,
        lambda: briefs.restore(version=version, by=request.user, at=clock.now()),
        done=_("L’ancien texte est de nouveau celui du sujet."),
        to=reverse("editions:brief-edit", args=[edition.slug, version.brief.department_id]),
    )


@require_POST
@for_organizers
def detach(request: Request, edition: Edition, pk: uuid.UUID) -> HttpResponse:
    attachment = selectors.get_attachment_of(edition, pk)
    return perform(
        request,
        lambda: briefs.detach(attachment=attachment, by=request.user, at=clock.now()),
        done=_("« %(name)s » est retiré.") % {"name": attachment.filename},
        to=reverse("editions:brief-edit", args=[edition.slug, attachment.brief.department_id]),
    )
