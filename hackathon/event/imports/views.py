from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.base.core import clock
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.received_files import clean_filename
from hackathon.base.core.views import (
    Request,
    form_page,
    perform,
    posted,
    posted_with_files,
    refusal_of,
)
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.imports import completion, drafts, selectors, services, summary
from hackathon.event.imports.enums import ColumnReason, ImportKind, LeftOutReason
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.forms import CompletionForm, PreviewForm, UploadForm
from hackathon.event.imports.models import Import
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.reading import Table
from hackathon.event.imports.rows import Problem
from hackathon.event.imports.undo import undoing

PROBLEMS_SHOWN = 200
ROWS_PER_PAGE = 50  # on a phone each fills half a screen
PROBLEMS: Columns = [
    (gettext_lazy("Ligne"), lambda problem: problem.row),
    (gettext_lazy("Colonne"), lambda problem: problem.column),
    (gettext_lazy("Ce qui ne va pas"), lambda problem: str(problem.refusal)),
]
LEFT_OUT: Columns = [
    (gettext_lazy("Ligne"), lambda line: line["row"]),
    (gettext_lazy("Colonne"), lambda line: line["column"]),
    (gettext_lazy("Qui"), lambda line: line["who"]),
    (gettext_lazy("Pourquoi"), lambda line: line["why"]),
]
IMPORTS: Columns = [
    (gettext_lazy("Contenu"), lambda done: done.get_kind_display()),
    (gettext_lazy("Fichier"), lambda done: done.filename),
    (gettext_lazy("Nouvelles"), lambda done: done.counts["created"]),
    (gettext_lazy("Modifiées"), lambda done: done.counts["updated"]),
    (gettext_lazy("Quand"), lambda done: done.applied_at),
    (gettext_lazy("Par"), lambda done: done.by and done.by.display_name),
    (gettext_lazy("Annulée"), lambda done: done.undone_at),
]


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    """`?kind=…&department=…` chooses both."""
    done = selectors.imports_of(edition)
    if file := exported(request, f"importations-{edition.slug}", IMPORTS, lambda: done):
        return file
    chosen = {name: request.GET.get(name, "") for name in ("kind", "department")}
    form = UploadForm(*posted_with_files(request), edition=edition, **chosen)
    if form.is_bound and form.is_valid():
        file, department = form.cleaned_data["file"], form.cleaned_data["department"]
        draft = services.keep_draft(
            edition,
            ImportKind(form.cleaned_data["kind"]),
            filename=clean_filename(file.name) if file else "",
            document=form.document,
            options={"department": department and department.pk},
            by=request.user,
            at=clock.now(),
        )
        return redirect(_url("preview", edition, draft.pk))
    rest = selectors.rest_of(edition, request.user)
    context = {"managed": edition, "imports": done, "rest": rest}
    return form_page(request, "imports/index.html", form, **context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def preview(request: Request, edition: Edition, pk: int) -> HttpResponse:
    draft = selectors.get_draft(edition, pk)
    table = _table(draft)
    plan = services.preview(
        edition, ImportKind(draft.kind), table, selectors.options_of(draft), at=clock.now()
    )
    form = PreviewForm(posted(request), plan=plan, table=table, draft=draft, edition=edition)
    if form.is_bound and form.is_valid():
        draft = services.set_options(draft, form.options, by=request.user)
        if "apply" in request.POST:
            return _apply(request, edition, draft, form.cleaned_data["fingerprint"])
        return redirect(_url("preview", edition, pk))
    problems = sorted(plan.problems, key=lambda problem: problem.row)
    if file := _export(request, edition, plan, problems):
        return file
    context = {
        "managed": edition,
        "draft": draft,
        **_rows(request, plan),
        **_people(plan),
        **_problems(plan, problems),
        **_columns(plan, table, form, asks=bool(problems)),
    }
    return form_page(request, "imports/preview.html", form, **context)


def _export(
    request: Request, edition: Edition, plan: Plan, problems: list[Problem]
) -> HttpResponse | None:
    if "left_out" in request.GET:
        name = f"laisses-de-cote-{edition.slug}"
        return exported(request, name, LEFT_OUT, lambda: summary.left_lines(plan))
    return exported(request, f"erreurs-{edition.slug}", PROBLEMS, lambda: problems)


def _people(plan: Plan) -> dict[str, Any]:
    return {
        "counts": plan.counts(),
        "people": plan.people,
        "in_file": summary.in_file(plan),
        "lost": summary.groups(plan.lost),
        "lost_count": len({one.key for one in plan.lost}),
        "chosen": summary.groups(
            one for one in plan.left_out if one.reason in (LeftOutReason.CHOSEN, LeftOutReason.LEFT)
        ),
        "aside": summary.aside(plan),
        "can_set_aside": plan.is_of_rows,
        "wrong_rows": len(plan.wrong),
    }


def _rows(request: Request, plan: Plan) -> dict[str, Any]:
    """What changes is shown, what is only new is folded: it is after all others."""
    rows = summary.rows(plan)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "changed": [row for row in page if not row.is_only_new],
        "new": [row for row in page if row.is_only_new],
        "new_count": sum(row.is_only_new for row in rows),
    }


def _problems(plan: Plan, problems: list[Problem]) -> dict[str, Any]:
    people = summary.people_by_row(plan)
    return {
        "problems": [(p, people.get(p.row, [])) for p in problems[:PROBLEMS_SHOWN]],
        "problem_count": len(problems),
        "problems_hidden": max(len(problems) - PROBLEMS_SHOWN, 0),
        "lacks_department": any(
            problem.refusal.code is ImportRefusal.DEPARTMENT_MISSING for problem in problems
        ),
    }


def _columns(plan: Plan, table: Table, form: PreviewForm, *, asks: bool) -> dict[str, Any]:
    """They are folded if all are understood, and the rows ask for nothing either."""
    columns = plan.reading.columns
    same = columns.with_one_meaning()
    unknown = any(column.reason is ColumnReason.UNKNOWN for column in columns.all)
    return {
        "table": table,
        "questions": [form[name] for name in form.questions],
        "moves": list(plan.moved.items()),
        "moved": plan.moved.total(),
        "columns": summary.columns(plan, table, form),
        "unused": summary.unused(plan),
        "with_one_meaning": same,
        "asks_columns": bool(
            asks or plan.lost or plan.moved or same or unknown or len(table.sheets) > 1
        ),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def complete(request: Request, edition: Edition) -> HttpResponse:
    """The options are in the address, also when the form that applies them is posted."""
    form = CompletionForm(request.GET, edition=edition)
    options = form.cleaned_data if form.is_valid() else None
    if options is not None and request.method == "POST":
        refusal = refusal_of(
            lambda: services.complete_teams(
                edition,
                **options,
                expected=request.POST.get("fingerprint", ""),
                by=request.user,
                at=clock.now(),
            )
        )
        if not refusal:
            messages.success(request, _("C’est fait. On peut encore l’annuler ici."))
            return redirect(_url("index", edition))
        messages.error(request, refusal)
    proposed = [] if options is None else completion.proposals(edition, **options)
    context = {
        "managed": edition,
        "form": form,
        "proposals": proposed,
        "fingerprint": completion.fingerprint_of(proposed),
        "placed": sum(one.placed for one in proposed),
        "query": request.GET.urlencode(),
    }
    status = 422 if form.errors or request.method == "POST" else 200
    return render(request, "imports/complete.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def undo(request: Request, edition: Edition, pk: int) -> HttpResponse:
    """First what would be deleted and restored: one tap could take 400 accounts."""
    done = selectors.get_import(edition, pk)
    would = undoing(done)
    if request.method != "POST":
        context = {"managed": edition, "done": done, "undoing": would}
        return render(request, "imports/undo.html", context)
    text = _("L’importation est annulée : tout est comme avant.")
    if would.also_deleted:
        what = ", ".join(f"{name} ({n})" for name, n in would.also_deleted)
        text = _("L’importation est annulée. Disparu avec elle : {what}.").format(what=what)
    return perform(
        request,
        lambda: services.undo_import(done, by=request.user, at=clock.now()),
        done=text,
        to=_url("index", edition),
    )


def _apply(request: Request, edition: Edition, draft: Import, expected: str) -> HttpResponse:
    plans: list[Plan] = []

    def call() -> None:
        plan, _done = services.apply(
            edition,
            ImportKind(draft.kind),
            _table(draft),
            selectors.options_of(draft),
            by=request.user,
            at=clock.now(),
            draft=draft,
            expected=expected,
        )
        plans.append(plan)

    refusal = refusal_of(call)
    if refusal or plans[0].problems:
        messages.error(request, refusal or _("Rien n’a été importé : il reste des erreurs."))
        return redirect(_url("preview", edition, draft.pk))
    plan = plans[0]
    text = _(
        "C’est importé. Nouvelles : {created}, modifiées : {updated}. Personne n’a reçu de mail."
    )
    if plan.writes_nothing:
        text = _("Il n’y avait rien à changer.")
    messages.success(request, text.format(**plan.counts()))
    if plan.lost or plan.reading.aside:
        messages.warning(request, summary.left_text(plan))
    return redirect(_url("index", edition))


def _table(draft: Import) -> Table:
    return drafts.unpack(bytes(draft.content or b""), draft.options.get("sheet", ""))


def _url(name: str, edition: Edition, *arguments: int) -> str:
    return reverse(f"imports:{name}", args=[edition.slug, *arguments])
