from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.accounts.views import entry_code_page
from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.views import (
    Request,
    accepted,
    form_page,
    is_htmx,
    perform,
    posted,
    refusal_of,
)
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import organized_edition
from hackathon.event.editions.views.setup import desk_or, for_desk, for_organizers
from teams.errors import TeamRefusal
from teams.exports import TEAMS
from teams.forms.organizers import AddMemberForm, EnterForm, FilterForm, RoomForm
from teams.models import Team
from teams.selectors import listing
from teams.selectors import teams as selectors
from teams.services import membership, organizing, teams
from teams.views.acts import act_links
from teams.views.rooms import warn_overfull


@require_safe
@vary_on_headers("HX-Request")
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    """`?export=…` gives all teams that fit, of all pages."""
    form = FilterForm(request.GET, edition=edition)
    if file := exported(
        request,
        f"equipes-{edition.slug}",
        TEAMS,
        lambda: listing.teams_with_members(edition, listing.found_pks(edition, form.wanted)),
    ):
        return file
    page = request.GET.get("page", "")
    shown = listing.listing(edition, form.wanted, page, shows=form.shown_team)
    form.offer_floors(shown.floors)
    context = {
        "managed": edition,
        "listing": shown,
        "filter": form,
        "query": form.query(shown.page.number),
        "whole_query": form.query(),
    }
    template = "_list.html" if is_htmx(request) else "list.html"
    return render(request, f"teams/{template}", context)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def team(request: Request, pk: int) -> HttpResponse:
    return _team_page(request, selectors.get_organized_team(request.user, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def enter(request: Request, edition: Edition) -> HttpResponse:
    form = EnterForm(posted(request), edition=edition)
    if entered := accepted(
        form,
        lambda: teams.register(edition, **form.cleaned_data, by=request.user, at=clock.now()),
    ):
        team = entered.result
        messages.success(request, _("L’équipe « %(team)s » est inscrite.") % {"team": team})
        return redirect(_anchor(team))
    return form_page(request, "teams/enter.html", form, managed=edition)


@login_required
@require_POST
def room(request: Request, pk: int) -> HttpResponse:
    team = selectors.get_organized_team(request.user, pk)
    form = RoomForm(request.POST, team=team)
    if accepted(
        form, lambda: teams.edit(team, by=request.user, at=clock.now(), **form.cleaned_data)
    ):
        warn_overfull(request, team.edition, form.cleaned_data["room"])
        return redirect(_anchor(team))
    return _team_page(request, team, room_form=form)


@login_required
@require_POST
def add_member(request: Request, pk: int) -> HttpResponse:
    team = selectors.get_organized_team(request.user, pk)
    form = AddMemberForm(request.POST, team=team)
    if added := accepted(
        form,
        lambda: organizing.add_people(
            team, form.cleaned_data["email"], by=request.user, at=clock.now()
        ),
        fields=dict.fromkeys([*TeamRefusal, *AccountRefusal], "email"),
    ):
        done = _("Dans l’équipe « %(team)s » : %(names)s.")
        names = ", ".join(user.display_name for user in added.result)
        messages.success(request, done % {"names": names, "team": team})
        return redirect(_anchor(team))
    return _team_page(request, team, add_form=form)


@for_desk
@login_required
@require_POST
@never_cache
def entry_code(request: Request, pk: int) -> HttpResponse:
    """For a member who can't sign in: the code is shown once."""
    member = selectors.get_membership_for(request.user, pk)
    organized_edition(request.user, member.edition)
    codes: list[str] = []
    refusal = refusal_of(
        lambda: codes.append(membership.let_in(member, by=request.user, at=clock.now()))
    )
    if refusal:
        messages.error(request, refusal)
        return redirect(desk_or(request, member.edition, _anchor(member.team)))
    back = desk_or(request, member.edition, reverse("teams:list"))
    return entry_code_page(request, member.user, codes[0], back=back)


@login_required
@require_POST
def dissolve(request: Request, pk: int) -> HttpResponse:
    team = selectors.get_organized_team(request.user, pk)
    return perform(
        request,
        lambda: teams.dissolve(team, by=request.user, at=clock.now()),
        done=_("L’équipe « %(team)s » est supprimée.") % {"team": team},
        to=reverse("teams:list", args=[team.edition.slug]),
    )


def _anchor(team: Team) -> str:
    return f"{reverse('teams:list', args=[team.edition.slug])}?team={team.pk}#team-{team.pk}"


def _team_page(
    request: Request, team: Team, *, room_form: Form | None = None, add_form: Form | None = None
) -> HttpResponse:
    """The list fetches the forms only when a team is unfolded."""
    context = {
        "managed": team.edition,
        "line": selectors.line_of(team, selectors.members_of(team)),
        "team": team,
        "room_form": room_form or RoomForm(team=team),
        "add_form": add_form or AddMemberForm(team=team),
        **act_links(),
    }
    template = "_team_forms.html" if is_htmx(request) else "team.html"
    status = 422 if room_form or add_form else 200
    return render(request, f"teams/{template}", context, status=status)
