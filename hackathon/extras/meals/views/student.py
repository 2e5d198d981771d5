from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, edition_of, form_page, perform, posted
from hackathon.extras.meals import rules, selectors, services
from hackathon.extras.meals.errors import MealRefusal
from hackathon.extras.meals.forms import DishForm, NeedsForm
from hackathon.extras.meals.parts import own_meal
from teams.own import own_membership


@never_cache
@login_required
@require_safe
def own(request: Request) -> HttpResponse:
    return _page(request, None)


@login_required
@require_safe
def card(request: Request) -> HttpResponse:
    edition = selectors.get_own_edition(request.user, edition_of(request))
    return HttpResponse(own_meal(request, edition))


@login_required
@require_POST
def choose(request: Request) -> HttpResponse:
    """For oneself, or by the captain for the member `person`."""
    edition = selectors.get_own_edition(request.user, edition_of(request))
    form = DishForm(request.POST, edition=edition)
    if not form.is_valid():
        messages.error(request, _("Ce plat n’est plus à la carte. Choisissez-en un autre."))
        return redirect("meals:own")
    dish, pk = form.cleaned_data["dish"], form.cleaned_data["person"]
    user = selectors.get_mate(edition, request.user, pk) if pk else request.user
    done = _("C’est choisi : %(dish)s.") % {"dish": dish}
    if user != request.user:
        done = _("C’est choisi pour %(name)s : %(dish)s.")
        done %= {"name": user.display_name, "dish": dish}
    return perform(
        request,
        lambda: services.choose(edition, user, dish, by=request.user, at=clock.now()),
        done=done,
        to="meals:own",
    )


@sensitive_post_parameters("text")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: Request) -> HttpResponse:
    edition = selectors.get_own_edition(request.user, edition_of(request))
    form = NeedsForm(posted(request))
    if accepted(
        form,
        lambda: services.set_needs(
            edition,
            request.user,
            form.cleaned_data["text"],
            consents=form.cleaned_data["consents"],
            at=clock.now(),
        ),
        fields={MealRefusal.CONSENT_MISSING: "consents"},
    ):
        done = _("C’est enregistré.") if form.cleaned_data["text"] else _("C’est effacé.")
        messages.success(request, done)
        return redirect("meals:own")
    return _page(request, form if form.is_bound else None)


def _page(request: Request, needs_form: NeedsForm | None) -> HttpResponse:
    edition, now = selectors.get_own_edition(request.user, edition_of(request)), clock.now()
    membership = own_membership(request)
    team = membership.team if membership else None
    stored = selectors.own_needs(edition, request.user, at=now)
    initial = {"text": stored.text, "consents": True} if stored else None
    plan = selectors.plan_of(edition)
    mates = selectors.eaters_of(edition, team=team) if team else []
    context = {
        "plan": plan,
        "team": team,
        "dishes": selectors.dishes_of(edition),
        "meal": selectors.meal_of(edition, request.user),
        "refusal": rules.period_refusal(plan, edition=edition, at=now),
        # A dish may reveal a person's religion: a captain sees only those that they chose.
        "mates": [
            one
            for one in mates
            if one.pk != request.user.pk and one.chosen_by in (None, request.user.pk)
        ]
        if membership and membership.is_captain
        else [],
        "stored": stored,
        "kept_until": rules.needs_kept_until(edition),
        "keeps": rules.needs_are_kept(edition, at=now),
    }
    form = needs_form or NeedsForm(initial=initial)
    return form_page(request, "meals/own.html", form, **context)
