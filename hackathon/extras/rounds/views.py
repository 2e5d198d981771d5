from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.base.core import clock
from hackathon.base.core.errors import NotFound
from hackathon.base.core.formats import day_time
from hackathon.base.core.views import (
    Request,
    accepted,
    dialog,
    dialog_done,
    edition_of,
    form_page,
    is_htmx,
    kept_changes,
    perform,
    posted,
)
from hackathon.event.editions.selectors import organized_edition
from hackathon.event.roles import Roles, roles_of_request
from hackathon.extras.rounds import selectors, services
from hackathon.extras.rounds.enums import Progress
from hackathon.extras.rounds.forms import AnswerForm, AskForm, SeeForm
from hackathon.extras.rounds.fragments import question_context
from judging.scoring.tablet_translations import tablet_translations
from teams.selectors.teams import get_membership_of

CONTROL = "control_room:control"
FILTERS = ("department", "of")
BATCH = 200
# Of the jury's tablet, whose queue of unsent changes this page uses.
TROUBLES = ("offline", "expired", "somebody_else")


# ---------------------------------------------------------------- the round


@login_required
@require_safe
@vary_on_headers("HX-Request")
def index(request: Request) -> HttpResponse:
    """`?department=INFO` shows its teams, `?of=client` or a person's key what they have left."""
    return _round(request, SeeForm())


@login_required
@require_POST
def see(request: Request, pk: int) -> HttpResponse:
    roles = roles_of_request(request)
    team = selectors.get_team_of_round(roles, edition_of(request), pk)
    form = SeeForm(request.POST)
    accepted(
        form,
        lambda: services.see(
            team=team,
            by=request.user,
            for_client=selectors.is_client(roles),
            note=form.note_sent,
            at=clock.now(),
        ),
    )
    return _round(request, form)


@login_required
@require_POST
def unsee(request: Request, pk: int) -> HttpResponse:
    team = selectors.get_team_of_round(roles_of_request(request), edition_of(request), pk)
    services.unsee(team=team, by=request.user, at=clock.now())
    return _round(request, SeeForm())


@never_cache
@require_POST
def synchronise(request: Request) -> HttpResponse:
    """Taps « Vue » that were made without a network. Each may come again."""
    roles, edition = roles_of_request(request), edition_of(request)
    changes = kept_changes(
        request, allow=lambda: selectors.check_makes_round(roles, edition), most=BATCH
    )
    if isinstance(changes, HttpResponse):
        return changes
    return JsonResponse({"answers": [_see_kept(request, roles, raw) for raw in changes]})


def _see_kept(request: Request, roles: Roles, raw: Any) -> dict[str, str]:
    pk: Any = raw.get("team") if isinstance(raw, dict) else None
    try:
        team = selectors.get_team_of_round(roles, edition_of(request), int(pk))
    except (NotFound, TypeError, ValueError, OverflowError):  # the other changes are processed
        return {"state": "refused"}
    is_client = selectors.is_client(roles)
    services.see(team=team, by=request.user, for_client=is_client, at=clock.now())
    return {"state": "accepted"}


def _round(request: Request, form: SeeForm) -> HttpResponse:
    """After a form that was sent without htmx: back to the page."""
    roles = roles_of_request(request)
    edition = selectors.check_makes_round(roles, edition_of(request))
    refusals = [str(error) for errors in form.errors.values() for error in errors]
    filters = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    query = urlencode(filters)
    if request.method == "POST" and not is_htmx(request):
        for refusal in refusals:
            messages.error(request, refusal)
        return redirect(f"{reverse('rounds:index')}?{query}")
    department, key = filters.get("department", ""), filters.get("of", "")
    context = {
        "round": selectors.round_of(request.user, roles, edition, department=department, key=key),
        "department": department,
        "of": key,
        "query": query,
        "refusals": refusals,
        "reads_answers": selectors.reads_answers(roles),
        "script_data": {
            "user": request.user.pk,
            "url": reverse("rounds:synchronise"),
            "translations": {
                "pending_one": _("1 équipe vue, à envoyer"),
                "pending": _("{n} équipes vues, à envoyer"),
                "refused": _("Cette équipe n’est plus sur la ronde. Rechargez la page."),
            }
            | {name: tablet_translations()[name] for name in TROUBLES},
        },
    }
    template = "_round.html" if is_htmx(request) else "index.html"
    return render(request, f"rounds/{template}", context)


# ---------------------------------------------------------------- « Où en êtes-vous ? »


@login_required
@require_safe
def answers(request: Request) -> HttpResponse:
    roles = roles_of_request(request)
    shown = selectors.answers_for(roles, edition_of(request), at=clock.now())
    return render(request, "rounds/answers.html", {"answers": shown})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request) -> HttpResponse:
    edition, at = organized_edition(request.user, edition_of(request)), clock.now()
    form = AskForm(posted(request), edition=edition, at=at)
    if saved := accepted(
        form, lambda: services.ask(edition=edition, by=request.user, at=at, **form.cleaned_data)
    ):
        asks_at = saved.result.asks_at
        done = _("La question est posée à toutes les équipes.")
        if asks_at > at:
            done = _("La question se posera d’elle-même : %(time)s.") % {"time": day_time(asks_at)}
        undo = reverse("rounds:cancel", args=[saved.result.pk])
        return dialog_done(request, done, to=CONTROL, undo=undo)
    return dialog(request, _("Demander où elles en sont"), "rounds/_ask.html", form)


@login_required
@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    check_in = selectors.get_check_in(edition, pk)
    return perform(
        request,
        lambda: services.cancel(check_in=check_in, by=request.user, at=clock.now()),
        done=_("La question est annulée."),
        to=reverse(CONTROL),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Request) -> HttpResponse:
    team, at = get_membership_of(request.user, edition_of(request)).team, clock.now()
    shown = question_context(team.edition, team.pk, at)
    given = shown["answer"]
    initial = {"check_in": shown["check_in"] and shown["check_in"].pk}
    initial |= {"progress": given.progress, "text": given.text} if given else {}
    form = AnswerForm(posted(request), initial=initial)
    if accepted(
        form,
        lambda: services.answer(
            check_in=selectors.get_check_in(team.edition, form.cleaned_data["check_in"]),
            team=team,
            progress=Progress(form.cleaned_data["progress"]),
            text=form.cleaned_data["text"],
            by=request.user,
            at=at,
        ),
    ):
        done = _("C’est noté : vos professeurs et l’organisation le voient.")
        return dialog_done(request, done, to="teams:mine")
    if form.is_bound and is_htmx(request):
        refusal = " ".join(str(error) for errors in form.errors.values() for error in errors)
        context = {"message": refusal, "refused": True}
        return render(request, "components/dialog_done.html", context)
    return form_page(request, "rounds/answer.html", form, **shown)
