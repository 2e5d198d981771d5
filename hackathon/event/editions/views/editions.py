from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock, extras
from hackathon.base.core.views import Request, perform, posted
from hackathon.event.editions import forms, moves, rules, selectors
from hackathon.event.editions.enums import Options, Phase
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import editions, schedule
from hackathon.event.editions.services.options import choose
from hackathon.event.editions.views.setup import answer, for_organizers


def overview_url(edition: Edition) -> str:
    return reverse("setup:edition", args=[edition.slug])


@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    now = clock.now()
    organized = selectors.organized_editions(request.user)
    shown = [{"edition": edition, "phase": _phase(edition, now)} for edition in organized]
    context = {"editions": shown, "overviews": extras.overviews(organized)}
    return render(request, "editions/list.html", context)


def _phase(edition: Edition, at: datetime) -> Phase:
    count = edition.department_count  # type: ignore[attr-defined]  # annotated by the selector
    return rules.shown_phase(edition, has_departments=count > 0, at=at)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    selectors.organized_editions(request.user)
    form = forms.CreateForm(posted(request))

    now = clock.now()
    return answer(
        request,
        form,
        lambda: editions.create(by=request.user, at=now, **form.edition_fields(at=now)),
        page="editions/create.html",
        context={},
        done=_("L’édition est créée, en brouillon : personne d’autre ne la voit."),
        to=lambda made: (
            reverse("editions:options", args=[made.slug])
            if form.cleaned_data["options"] == Options.CHOOSE
            else overview_url(made)
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def clone(request: Request, edition: Edition) -> HttpResponse:
    form = forms.CloneForm(posted(request), source=edition)
    return answer(
        request,
        form,
        lambda: editions.clone(
            source=edition,
            slug=form.cleaned_data["slug"],
            name=form.cleaned_data["name"],
            starts_at=forms.launch_on(form.cleaned_data["day"], edition.starts_at, edition.zone),
            parts=frozenset(form.cleaned_data["parts"]),
            by=request.user,
            at=clock.now(),
        ),
        page="editions/clone.html",
        context={"managed": edition},
        done=_("L’édition est dupliquée en brouillon, chaque heure à la nouvelle date."),
        to=overview_url,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def identity(request: Request, edition: Edition) -> HttpResponse:
    form = forms.IdentityForm(posted(request), edition=edition)
    return answer(
        request,
        form,
        lambda: editions.update(
            edition=edition, by=request.user, at=clock.now(), **form.cleaned_data
        ),
        page="editions/identity.html",
        context={"managed": edition},
        done=_("C’est enregistré."),
        to=overview_url,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def options(request: Request, edition: Edition) -> HttpResponse:
    form = forms.OptionsForm(posted(request), edition=edition)
    return answer(
        request,
        form,
        lambda: choose(
            edition=edition, names=form.cleaned_data["extras"], by=request.user, at=clock.now()
        ),
        page="editions/options.html",
        context={"managed": edition},
        done=_("C’est enregistré."),
        to=overview_url,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def calendar(request: Request, edition: Edition) -> HttpResponse:
    form, at = forms.ScheduleForm(posted(request), edition=edition), clock.now()
    odd = selectors.oddities(edition, at=at)
    context: dict[str, Any] = {"managed": edition, "oddities": odd}
    context["undoable"] = moves.undoable(edition, at=at)
    if form.is_bound and form.is_valid():
        move = moves.preview(edition, form.moved(), at=at)
        if moves.to_confirm(move, edition, request.POST.get("confirmed", ""), at=at):
            context |= {"form": form, "move": move}
            return render(request, "editions/schedule.html", context)
    return answer(
        request,
        form,
        lambda: schedule.move(edition=edition, instants=form.moved(), by=request.user, at=at),
        page="editions/schedule.html",
        context=context,
        done=_("Le calendrier est à jour, et les écrans ouverts avec lui."),
        to=lambda moved: reverse("editions:schedule", args=[moved.slug]),
    )


@require_POST
@for_organizers
def undo_move(request: Request, edition: Edition, entry: int) -> HttpResponse:
    return perform(
        request,
        lambda: schedule.undo(edition=edition, entry_pk=entry, by=request.user, at=clock.now()),
        done=_("C’est annulé : les heures d’avant valent de nouveau, sur toutes les pages."),
        to=reverse("editions:schedule", args=[edition.slug]),
    )
