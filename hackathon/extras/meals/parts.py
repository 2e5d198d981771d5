"""What pages of the core show of the meals."""

from datetime import datetime

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.base.live.fragments import with_later_states
from hackathon.event.editions.models import Edition
from hackathon.event.roles import roles_of_request
from hackathon.extras.meals import rules, selectors
from teams.own import own_membership


def handing_out(request: HttpRequest, edition: Edition) -> str:
    """A link for those who hand meals out, if there are any. One query at most."""
    roles = roles_of_request(request)
    if not selectors.serves(roles) or not selectors.plan_of(edition):
        return ""
    return render_to_string("meals/_handing_out.html", {}, request)


def sheets(request: HttpRequest, edition: Edition) -> str:
    return render_to_string("meals/_sheets.html", {"managed": edition}, request)


def own_meal(request: HttpRequest, edition: Edition) -> str:
    """What this person eats, when and where. Two queries."""
    membership = own_membership(request)
    if membership is None:
        return ""
    plan = selectors.plan_of(edition)
    own = {
        "plan": plan,
        "meal": selectors.meal_of(edition, request.user) if plan else None,
        "team": membership.team,
    }

    def state_at(at: datetime) -> str:
        now = {"is_open": plan is not None and rules.is_open(plan, at=at)}
        return render_to_string("meals/_own_meal.html", {**own, **now}, request)

    return with_later_states(state_at, [plan.closes_at] if plan else [], at=clock.now())
