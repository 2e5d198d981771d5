from datetime import datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from hackathon.core import clock
from hackathon.core.views import edition_of
from hackathon.live.fragments import with_later_states
from hackathon.meals import rules, selectors
from teams.own import own_membership

register = template.Library()


@register.simple_tag(takes_context=True)
def hands_meals_out(context: dict[str, Any]) -> bool:
    """Whether this person hands meals out, and there are any. One query at most."""
    roles = context["roles"]
    edition = edition_of(context["request"])
    return edition is not None and selectors.serves(roles) and bool(selectors.plan_of(edition))


@register.simple_tag(takes_context=True)
def own_meal(context: dict[str, Any]) -> SafeString:
    """What this person eats, when and where. Two queries."""
    request = context["request"]
    edition = edition_of(request)
    if edition is None:
        return SafeString("")
    membership = own_membership(request)
    plan = selectors.plan_of(edition)
    own = {
        "plan": plan,
        "meal": selectors.meal_of(edition, request.user) if plan else None,
        "team": membership and membership.team,
    }

    def state_at(at: datetime) -> str:
        now = {"is_open": plan is not None and rules.is_open(plan, at=at)}
        return render_to_string("meals/_own_meal.html", {**own, **now}, request)

    return with_later_states(state_at, [plan.closes_at] if plan else [], at=clock.now())
