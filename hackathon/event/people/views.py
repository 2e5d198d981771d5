from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import organizers
from hackathon.event.editions.views.setup import desk_or, for_desk, for_organizers
from hackathon.event.people import rules, selectors, services
from hackathon.event.people.errors import PeopleRefusal
from hackathon.event.people.exports import PEOPLE
from hackathon.event.people.forms import DeskForm, InviteForm, PeopleFilterForm
from teams.errors import TeamRefusal
from teams.selectors import listing
from teams.selectors.calls import get_duty
from teams.services import duties

PER_PAGE, TEAMS_PER_PAGE = 50, 30


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    form = InviteForm(posted(request), edition=edition)
    if invited := accepted(
        form,
        lambda: services.invite(
            edition=edition,
            site_url=settings.SITE_URL,
            by=request.user,
            at=clock.now(),
            **form.arguments(),
        ),
        fields={PeopleRefusal.UNKNOWN_ADDRESS: "creates", **dict.fromkeys(TeamRefusal, "email")},
    ):
        done = _("%(name)s a ce rôle maintenant.") % {"name": invited.result.display_name}
        messages.success(request, done)
        return redirect("people:index", edition.slug)
    if form.has_error("creates"):
        form.ask_to_confirm()
    wanted = PeopleFilterForm(request.GET)
    users = selectors.people_of(edition, **wanted.wanted)
    if file := exported(
        request,
        f"personnes-{edition.slug}",
        PEOPLE,
        lambda: selectors.with_roles(edition, list(users)),
    ):
        return file
    paginator = Paginator(users, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    people = selectors.with_roles(edition, list(page.object_list))
    context = {"filter": wanted, "page": page, "people": people}
    return form_page(request, "people/people.html", form, managed=edition, **context)


@for_desk
@require_safe
@for_organizers
def desk(request: Request, edition: Edition) -> HttpResponse:
    """Who is here, and codes for who can't sign in. A search finds people without a team too."""
    form = DeskForm(request.GET)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    pks = listing.found_pks(edition, listing.Wanted(text=text))
    page = Paginator(pks, TEAMS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "managed": edition,
        "filter": form,
        "page": page,
        "teams": listing.teams_with_members(edition, list(page.object_list)),
        "others": selectors.found_outside_teams(edition, text),
    }
    return render(request, "people/desk.html", context)


@require_safe
@for_organizers
def detail(request: Request, edition: Edition, pk: int) -> HttpResponse:
    person = selectors.get_person(edition, pk)
    elsewhere = selectors.takes_part_elsewhere(person.user, request.user)
    context = {
        "managed": edition,
        "person": person,
        "fixed": rules.account_refusal(
            person.user, by=request.user, takes_part_elsewhere=elsewhere
        ),
    }
    form = InviteForm(edition=edition, email=person.user.email)
    return form_page(request, "people/person.html", form, **context)


@require_POST
@for_organizers
def remove_organizer(request: Request, edition: Edition, pk: int) -> HttpResponse:
    user = selectors.get_person(edition, pk).user
    return perform(
        request,
        lambda: organizers.remove(edition=edition, user=user, by=request.user, at=clock.now()),
        done=_("%(name)s n’organise plus cette édition.") % {"name": user.display_name},
        to=reverse("people:index", args=[edition.slug]),
    )


@require_POST
@for_organizers
def remove_duty(request: Request, edition: Edition, pk: int) -> HttpResponse:
    duty = get_duty(edition, pk)
    return perform(
        request,
        lambda: duties.take_away(duty=duty, by=request.user, at=clock.now()),
        done=_("%(name)s ne répond plus à ces appels.") % {"name": duty.user.display_name},
        to=reverse("people:index", args=[edition.slug]),
    )


@for_desk
@require_POST
@for_organizers
def send_code(request: Request, edition: Edition, pk: int) -> HttpResponse:
    user = selectors.get_person(edition, pk).user
    return perform(
        request,
        lambda: services.send_code(
            edition=edition, user=user, site_url=settings.SITE_URL, by=request.user, at=clock.now()
        ),
        done=_("Un code d’entrée part à %(email)s.") % {"email": user.email},
        to=desk_or(request, edition, reverse("people:detail", args=[edition.slug, pk])),
    )


@require_POST
@for_organizers
def set_active(request: Request, edition: Edition, pk: int) -> HttpResponse:
    user = selectors.get_person(edition, pk).user
    active = request.POST.get("active") == "on"
    done = (
        _("Le compte de %(name)s est réactivé.")
        if active
        else _("Le compte de %(name)s est désactivé, ses sessions sont fermées.")
    )
    return perform(
        request,
        lambda: services.set_active(
            edition=edition, user=user, active=active, by=request.user, at=clock.now()
        ),
        done=done % {"name": user.display_name},
        to=reverse("people:detail", args=[edition.slug, pk]),
    )
