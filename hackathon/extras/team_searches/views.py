from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import (
    Request,
    accepted,
    current_edition,
    form_page,
    perform,
    posted,
)
from hackathon.extras.team_searches import parts, selectors, services
from hackathon.extras.team_searches.forms import SearchForm, WantedForm
from hackathon.extras.team_searches.selectors import Board
from teams.selectors.teams import get_membership_of, get_organized_team


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """The own line, and those of the others. A captain writes that of the team."""
    edition, at = current_edition(request), clock.now()
    board = selectors.board_for(request.user, edition, at=at)
    form = _form(request, board)

    def write() -> None:
        if board.membership is None:
            services.search(edition, by=request.user, at=at, **form.cleaned_data)
        else:
            text = form.cleaned_data["text"]
            services.look_for(board.membership.team, text, by=request.user, at=at)

    if accepted(form, write):
        messages.success(request, _("C’est enregistré."))
        return redirect("team_searches:index")
    return form_page(request, "team_searches/searches.html", form, board=board)


@login_required
@require_safe
def own(request: Request) -> HttpResponse:
    """What the page of the own team shows of it."""
    return HttpResponse(parts.own_search(request, current_edition(request)))


@login_required
@require_POST
def remove(request: Request, pk: int) -> HttpResponse:
    search = selectors.get_search_for(request.user, current_edition(request), pk)
    return perform(
        request,
        lambda: services.stop(search, by=request.user, at=clock.now()),
        done=_("La ligne est retirée."),
        to=reverse("team_searches:index"),
    )


@login_required
@require_POST
def remove_wanted(request: Request, pk: int) -> HttpResponse:
    team = get_organized_team(request.user, pk)
    return perform(
        request,
        lambda: services.look_for(team, "", by=request.user, at=clock.now()),
        done=_("La ligne est retirée."),
        to=reverse("team_searches:index"),
    )


@login_required
@require_POST
def invite(request: Request, pk: int) -> HttpResponse:
    edition = current_edition(request)
    search = selectors.get_search_for(request.user, edition, pk)
    team = get_membership_of(request.user, edition).team
    name = search.user.display_name
    return perform(
        request,
        lambda: services.invite(team, search.user, by=request.user, at=clock.now()),
        done=_("%(name)s a reçu votre invitation. Vous verrez la réponse ici.") % {"name": name},
        to=reverse("team_searches:index"),
    )


@login_required
@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    invitation = selectors.get_invitation_for(request.user, pk)
    if "accept" in request.POST:
        return perform(
            request,
            lambda: services.accept(invitation, by=request.user, at=clock.now()),
            done=_("Bienvenue dans l’équipe !"),
            to=reverse("teams:mine"),
        )
    return perform(
        request,
        lambda: services.decline(invitation, by=request.user, at=clock.now()),
        done=_("C’est noté : vous n’entrez pas dans cette équipe."),
        to=reverse("teams:mine"),
    )


def _form(request: Request, board: Board) -> SearchForm | WantedForm:
    if board.membership is not None:
        return WantedForm(posted(request), initial={"text": board.wanted})
    edition, own = current_edition(request), board.own
    initial: dict[str, Any] = {"department": board.department}
    if own is not None:
        initial |= {"text": own.text, "skills": own.skills}
    return SearchForm(posted(request), edition=edition, initial=initial)
