from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from hackathon.base.core import clock, qr
from hackathon.base.core.views import (
    Request,
    accepted,
    current_edition,
    edition_of,
    form_page,
    is_htmx,
    perform,
    posted,
)
from hackathon.base.live.fragments import with_later_states
from hackathon.event.editions.selectors import has_departments, is_organizer
from teams import rules
from teams.forms.students import (
    ChoicesForm,
    ConfirmForm,
    EditForm,
    JoinForm,
    RegisterForm,
    SuccessorForm,
)
from teams.own import own_membership
from teams.selectors import teams as selectors
from teams.selectors.students import listed_department
from teams.services import membership as memberships
from teams.services import teams
from teams.views.calls import card_context


@login_required
@require_safe
@vary_on_headers("HX-Request")
def mine(request: Request) -> HttpResponse:
    edition = edition_of(request)
    membership = own_membership(request)
    context: dict[str, Any] = {"membership": membership}
    if edition is not None:
        context["organizer"] = is_organizer(request.user, edition)
        context["is_empty"] = membership is None and not has_departments(edition)
    if membership is not None:
        team = membership.team
        path = reverse("teams:join", args=[team.join_code])
        context["line"] = selectors.line_of(team, selectors.members_of(team))
        context["join_url"] = request.build_absolute_uri(path)
        context["join_qr"] = qr.svg(context["join_url"])
        if not is_htmx(request):
            # A refresh keeps the card of the page, in which somebody may be typing.
            context |= card_context(team)

    def state_at(at: datetime) -> str:
        refusal = edition and rules.period_refusal(edition, at=at, organizer=context["organizer"])
        now = {"registration_refusal": refusal}
        return render_to_string("teams/_mine.html", {**context, **now}, request)

    instants = [edition.registration_opens_at, edition.registration_closes_at] if edition else []
    html = with_later_states(state_at, instants, at=clock.now())
    if is_htmx(request):
        return HttpResponse(html)
    return render(request, "teams/mine.html", {"mine": html})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: Request) -> HttpResponse:
    edition, user, at = current_edition(request), request.user, clock.now()
    if request.method != "POST" and selectors.membership_of(user, edition):
        return redirect("teams:mine")
    listed = listed_department(user, edition)
    form = RegisterForm(posted(request), edition=edition, listed=listed)
    if accepted(
        form, lambda: teams.register(edition, **form.cleaned_data, captain=user, by=user, at=at)
    ):
        messages.success(request, _("Votre équipe est inscrite. Partagez maintenant son code."))
        return redirect("teams:mine")
    organizer = is_organizer(user, edition)
    return form_page(
        request,
        "teams/register.html",
        form,
        registration_refusal=rules.period_refusal(edition, at=at, organizer=organizer),
        organizer=organizer,
        is_empty=not has_departments(edition),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: Request) -> HttpResponse:
    """A typed code leads to the page of its team, which asks before one joins."""
    edition, user = current_edition(request), request.user
    form = JoinForm(posted(request))
    outcome = accepted(
        form, lambda: memberships.team_of_code(edition, form.cleaned_data["code"], by=user)
    )
    if outcome:
        return redirect("teams:join", outcome.result.join_code)
    return form_page(request, "teams/join.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, code: str) -> HttpResponse:
    """The link of a team, which shows the team first."""
    edition, user, at = current_edition(request), request.user, clock.now()
    typed = JoinForm({"code": code})
    outcome = accepted(typed, lambda: memberships.team_of_code(edition, code, by=user))
    if outcome is None:
        return render(request, "teams/join.html", {"form": typed}, status=404)
    form, team = ConfirmForm(posted(request)), outcome.result
    if accepted(form, lambda: memberships.join(team, by=user, at=at)):
        messages.success(request, _("Bienvenue dans l’équipe !"))
        return redirect("teams:mine")
    membership = selectors.membership_of(user, edition)
    if membership is not None and membership.team_id == team.pk:
        return redirect("teams:mine")
    return form_page(
        request,
        "teams/join_confirm.html",
        form,
        line=selectors.line_of(team, selectors.members_of(team)),
        refusal=selectors.joining_refusal(team, user, at),
        membership=membership,
        listed=listed_department(user, edition),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request) -> HttpResponse:
    membership = selectors.get_membership_of(request.user, edition_of(request))
    form = ConfirmForm(posted(request))
    if accepted(form, lambda: memberships.leave(membership, by=request.user, at=clock.now())):
        done = _("Vous avez quitté l’équipe « %(team)s ».") % {"team": membership.team}
        messages.success(request, done)
        return redirect("teams:mine")
    line = selectors.line_of(membership.team, selectors.members_of(membership.team))
    must_pass_on = membership.is_captain and line.size > 1
    return form_page(
        request,
        "teams/leave.html",
        form,
        membership=membership,
        line=line,
        must_pass_on=must_pass_on,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pass_captaincy(request: Request) -> HttpResponse:
    membership = selectors.get_membership_of(request.user, edition_of(request))
    form = SuccessorForm(posted(request), team=membership.team)
    if accepted(
        form,
        lambda: memberships.pass_captaincy(
            membership.team, form.cleaned_data["member"], by=request.user, at=clock.now()
        ),
    ):
        name = form.cleaned_data["member"].user.display_name
        messages.success(request, _("%(name)s est maintenant capitaine.") % {"name": name})
        return redirect("teams:leave" if request.GET.get("next") == "leave" else "teams:mine")
    return form_page(request, "teams/pass_captaincy.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: Request) -> HttpResponse:
    membership = selectors.get_membership_of(request.user, edition_of(request))
    form = ChoicesForm(posted(request), membership=membership)
    if accepted(form, lambda: memberships.choose(membership, at=clock.now(), **form.cleaned_data)):
        messages.success(request, _("C’est enregistré."))
        return redirect("teams:mine")
    return form_page(request, "teams/mails.html", form)


@login_required
@require_POST
def renew_code(request: Request) -> HttpResponse:
    team = selectors.get_membership_of(request.user, edition_of(request)).team
    return perform(
        request,
        lambda: teams.renew_code(team, by=request.user, at=clock.now()),
        done=_("L’équipe a un nouveau code. L’ancien ne marche plus."),
        to="teams:mine",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    edition, at = current_edition(request), clock.now()
    membership = selectors.get_membership_of(request.user, edition)
    organizer = is_organizer(request.user, edition)
    name_is_fixed = rules.period_refusal(edition, at=at, organizer=organizer) is not None
    form = EditForm(posted(request), team=membership.team, name_is_fixed=name_is_fixed)
    if accepted(
        form, lambda: teams.edit(membership.team, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, _("C’est enregistré."))
        return redirect("teams:mine")
    return form_page(request, "teams/edit.html", form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, pk: int) -> HttpResponse:
    member = selectors.get_membership_for(request.user, pk)
    form = ConfirmForm(posted(request))
    own = selectors.membership_of(request.user, member.edition)
    back = "teams:mine" if own is not None and own.team_id == member.team_id else "teams:list"
    if accepted(form, lambda: memberships.remove(member, by=request.user, at=clock.now())):
        done = _("%(name)s n’est plus dans l’équipe « %(team)s ».")
        messages.success(request, done % {"name": member.user.display_name, "team": member.team})
        return redirect(back)
    return form_page(request, "teams/remove.html", form, member=member, back=back)
