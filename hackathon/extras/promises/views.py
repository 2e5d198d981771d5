from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock, logs
from hackathon.base.core.errors import NotFound, Refused, refuse
from hackathon.base.core.formats import clock_seconds
from hackathon.base.core.views import Request, accepted, perform, posted, refusal_of
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import schedule
from hackathon.event.editions.views.setup import for_organizers
from hackathon.extras.promises import addresses, codes, selectors, services
from hackathon.extras.promises.addresses import Promised
from hackathon.extras.promises.errors import PromiseRefusal
from hackathon.extras.promises.forms import CodeForm, EndForm
from hackathon.extras.promises.models import PROMISES_MAX, Promise
from submissions.models import Deliverable
from teams.models import Team
from teams.own import own_membership


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def promise(request: HttpRequest, key: str, promised: str) -> HttpResponse:
    """For a phone, without sign-in. The address names the bytes: once they are promised, it shows
    the receipt. A robot that reads it promises nothing.
    """
    named = addresses.parse_promised(promised)
    try:
        if named is None:
            raise NotFound
        team, deliverable, made = selectors.get_promiser(key, named)
        logs.bind(team=team.pk)
        with timezone.override(team.edition.zone):
            return _promise(request, key, team, deliverable, named, made)
    except NotFound:
        return render(request, "promises/unknown.html", status=404)


def _promise(
    request: HttpRequest,
    key: str,
    team: Team,
    deliverable: Deliverable,
    promised: Promised,
    made: Promise | None,
) -> HttpResponse:
    refusal = ""
    if request.method == "POST":
        values = {**promised._asdict(), "key": addresses.parse_key(key)}
        refusal = refusal_of(
            lambda: services.make(team.pk, deliverable.pk, **values, at=clock.now())
        )
        if not refusal:
            return redirect(request.path)
    context = {
        "team": team,
        "deliverable": deliverable,
        "promised": promised,
        "line": made and selectors.line_of(made, team, deliverable),
        "refusal": refusal,
        "total": PROMISES_MAX,
    }
    status = 422 if refusal else 200
    return render(request, "promises/promise.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def desk(request: Request, edition: Edition) -> HttpResponse:
    """An organizer types the code that a team shows or reads aloud."""
    form = CodeForm(posted(request))
    at = clock.now()

    def make() -> Promise:
        typed = form.cleaned_data["code"]
        if not edition.teams.filter(pk=typed.team).exists():
            raise Refused(refuse(PromiseRefusal.CODE_UNKNOWN))
        promised: dict[str, Any] = {
            "size": typed.size,
            "digest": typed.digest,
            "client_at": codes.clock_of(typed, at=at),
        }
        try:
            return services.make(typed.team, typed.deliverable, **promised, by=request.user, at=at)
        except NotFound:
            raise Refused(refuse(PromiseRefusal.CODE_UNKNOWN)) from None

    if done := accepted(form, make):
        made = done.result
        sentence = _("Engagement %(code)s enregistré à %(time)s : %(team)s, « %(name)s ».")
        values = {"code": made.spoken_code, "time": clock_seconds(made.received_at)}
        messages.success(
            request, sentence % {**values, "team": made.team, "name": made.deliverable}
        )
        return redirect("promises:desk", edition.slug)
    other = EndForm(initial={"promise_minutes": edition.promise_minutes})
    return _desk_page(request, edition, form, form=form, end=other)


@require_POST
@for_organizers
def void(request: Request, edition: Edition, pk: int) -> HttpResponse:
    promise = selectors.get_promise(pk, team__edition=edition)
    to = reverse("promises:desk", args=[edition.slug])
    return _void(request, promise, to)


@require_POST
@login_required
def not_ours(request: Request, pk: int) -> HttpResponse:
    """A member voids a promise that the team has not made."""
    promise = selectors.get_promise(pk, team=_own_team(request))
    return _void(request, promise, reverse("submissions:deposits"))


@require_POST
@login_required
def renew_key(request: Request) -> HttpResponse:
    team = _own_team(request)
    done = _("Le carré à scanner est changé. L’ancien ne permet plus de s’engager pour vous.")
    return perform(
        request,
        lambda: services.renew_key(team, by=request.user, at=clock.now()),
        done=done,
        to=reverse("submissions:deposits"),
    )


def _own_team(request: Request) -> Team:
    membership = own_membership(request)
    if membership is None:
        raise NotFound
    return membership.team


def _void(request: Request, promise: Promise, to: str) -> HttpResponse:
    done = _("Engagement %(code)s annulé. Le carré à scanner de l’équipe est changé aussi.")
    return perform(
        request,
        lambda: services.void(promise, by=request.user, at=clock.now()),
        done=done % {"code": promise.spoken_code},
        to=to,
    )


@require_POST
@for_organizers
def end(request: Request, edition: Edition) -> HttpResponse:
    form = EndForm(request.POST)
    if accepted(
        form,
        lambda: schedule.move(
            edition=edition, instants=form.cleaned_data, by=request.user, at=clock.now()
        ),
    ):
        messages.success(request, _("C’est enregistré."))
        return redirect("promises:desk", edition.slug)
    return _desk_page(request, edition, form, form=CodeForm(), end=form)


def _desk_page(request: Request, edition: Edition, sent: Form, **forms: Form) -> HttpResponse:
    lines = selectors.promises_of(edition)
    context = {"managed": edition, "lines": lines, "now": clock.now(), **forms}
    status = 422 if sent.is_bound else 200
    return render(request, "promises/desk.html", context, status=status)
