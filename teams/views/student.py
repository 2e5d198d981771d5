"""A student's team: register, join, leave, hand over, edit."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.accounts.selectors import person
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.editions.models import Edition
from hackathon.editions.selectors import has_departments, is_organizer
from teams import rules
from teams.forms import ConfirmForm, EditForm, JoinForm, RegisterForm, SuccessorForm
from teams.models import Membership, Team
from teams.selectors import teams as selectors
from teams.services import membership as memberships
from teams.services import teams
from teams.views.calls import card_of


@login_required
@require_safe
@vary_on_headers("HX-Request")
def mine(request: HttpRequest) -> HttpResponse:
    """The team, or the two ways to one. Refreshed by live messages."""
    edition: Edition | None = request.edition  # type: ignore[attr-defined]
    place = selectors.membership_of(request.user, edition)
    whole = not request.headers.get("HX-Request")
    context: dict[str, Any] = {"place": place}
    if edition is not None:
        organizer = is_organizer(request.user, edition)
        context["organizer"] = organizer
        context["window"] = rules.window_refusal(edition, at=clock.now(), organizer=organizer)
        context["is_empty"] = place is None and not has_departments(edition)
    if place is not None:
        path = reverse("teams:join", args=[place.team.join_code])
        context["line"] = selectors.line_of(place.team, selectors.members_of(place.team))
        context["join_url"] = request.build_absolute_uri(path)
        # A fragment keeps the card that the page has, and words that somebody is typing in it.
        context |= card_of(place.team) if whole else {}
    return render(request, "teams/mine.html" if whole else "teams/_mine.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A new team, whose captain is who sends the form."""
    edition = _edition(request)
    if selectors.membership_of(request.user, edition) and request.method != "POST":
        return redirect("teams:mine")
    form = RegisterForm(request.POST or None, edition=edition)
    if request.method == "POST" and form.is_valid():
        user, at = person(request), clock.now()

        def act() -> Any:
            return teams.register(edition, **form.cleaned_data, by=user, at=at, captain=user)

        if _done(form, act):
            messages.success(request, _("Votre équipe est inscrite. Partagez maintenant son code."))
            return redirect("teams:mine")
    organizer = is_organizer(request.user, edition)
    window = rules.window_refusal(edition, at=clock.now(), organizer=organizer)
    is_empty = not has_departments(edition)
    return _page(request, "register", form, window=window, organizer=organizer, is_empty=is_empty)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str = "") -> HttpResponse:
    """Join by code: typed, or carried by a link, which then asks to confirm."""
    edition = _edition(request)
    typed = request.POST.get("code", code)
    form = JoinForm({"code": typed} if request.method == "POST" else None, initial={"code": code})
    if request.method == "POST" and form.is_valid():
        user, at = person(request), clock.now()
        if _done(form, lambda: memberships.join_by_code(edition, typed, by=user, at=at)):
            messages.success(request, _("Bienvenue dans l’équipe !"))
            return redirect("teams:mine")
    team = selectors.team_by_code(edition, code) if code else None
    if team is None:
        unknown = bool(code) and request.method != "POST"
        return _page(request, "join", form, unknown=unknown, status=404 if unknown else None)
    place = selectors.membership_of(request.user, edition)
    if place is not None and place.team_id == team.pk:
        return redirect("teams:mine")
    refusal = selectors.joining_refusal(team, person(request), clock.now())
    line = selectors.line_of(team, selectors.members_of(team))
    return _page(request, "join_confirm", form, line=line, refusal=refusal)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the team, after a question."""
    place = _own_place(request)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        at = clock.now()
        if _done(form, lambda: memberships.leave(place, by=person(request), at=at)):
            messages.success(
                request, _("Vous avez quitté l’équipe « %(team)s ».") % {"team": place.team}
            )
            return redirect("teams:mine")
    line = selectors.line_of(place.team, selectors.members_of(place.team))
    return _page(request, "leave", form, place=place, line=line)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pass_captaincy(request: HttpRequest) -> HttpResponse:
    """Hand the captain's role to another member."""
    place = _own_place(request)
    form = SuccessorForm(request.POST or None, team=place.team)
    if request.method == "POST" and form.is_valid():
        to, at = form.cleaned_data["member"], clock.now()
        if _done(
            form, lambda: memberships.pass_captaincy(place.team, to, by=person(request), at=at)
        ):
            messages.success(
                request, _("%(name)s est maintenant capitaine.") % {"name": to.user.display_name}
            )
            return redirect("teams:mine")
    return _page(request, "pass_captaincy", form, place=place)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Name, project, room and floor."""
    place = _own_place(request)
    edition, at = _edition(request), clock.now()
    organizer = is_organizer(request.user, edition)
    fixed = rules.window_refusal(edition, at=at, organizer=organizer) is not None
    form = EditForm(request.POST or None, team=place.team, name_is_fixed=fixed)

    def act() -> Team:
        return teams.edit(place.team, by=person(request), at=at, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and _done(form, act):
        messages.success(request, _("C’est enregistré."))
        return redirect("teams:mine")
    return _page(request, "edit", form, place=place)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a member out of the team, after a question; the captain's and the organizers'."""
    member = selectors.get_membership_for(request.user, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    own = selectors.membership_of(request.user, member.edition)
    back = "teams:mine" if own is not None and own.team_id == member.team_id else "teams:list"
    if request.method == "POST":
        at = clock.now()
        if _done(form, lambda: memberships.remove(member, by=person(request), at=at)):
            messages.success(
                request,
                _("%(name)s n’est plus dans l’équipe « %(team)s ».")
                % {"name": member.user.display_name, "team": member.team},
            )
            return redirect(back)
    return _page(request, "remove", form, member=member, back=back)


def _edition(request: HttpRequest) -> Edition:
    edition: Edition | None = request.edition  # type: ignore[attr-defined]
    if edition is None:
        raise Http404
    return edition


def _own_place(request: HttpRequest) -> Membership:
    place = selectors.membership_of(request.user, _edition(request))
    if place is None:
        raise Http404
    return place


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Call the service; a refusal goes onto the form."""
    try:
        act()
    except Refused as refused:
        form.add_error(None, str(refused.refusal))
        return False
    return True


def _page(
    request: HttpRequest, name: str, form: forms.Form, *, status: int | None = None, **context: Any
) -> HttpResponse:
    """The page with its form; 422 when that was sent and not taken."""
    status = status or (422 if form.is_bound else 200)
    return render(request, f"teams/{name}.html", {"form": form, **context}, status=status)
