from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.base.live.fragments import with_later_states
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import has_departments, is_organizer
from hackathon.extras.team_searches.selectors import invitations_of
from teams import rules
from teams.own import own_membership


def own_search(request: HttpRequest, edition: Edition) -> str:
    """What the page of the own team leads to. Two queries while registration is open."""
    membership, organizer = own_membership(request), is_organizer(request.user, edition)
    context: dict[str, Any] = {"team": membership and membership.team, "edition": edition}
    if membership is not None:
        members = membership.team.memberships.count()
        has_use = rules.seats_left(edition, members) > 0
    else:
        has_use = has_departments(edition)
        context["invitations"] = invitations_of(request.user, edition)

    def state_at(at: datetime) -> str:
        is_closed = rules.period_refusal(edition, at=at, organizer=organizer) is not None
        now = {"is_shown": has_use and not is_closed}
        return render_to_string("team_searches/_own.html", {**context, **now}, request)

    instants = [edition.registration_opens_at, edition.registration_closes_at]
    return with_later_states(state_at, instants, at=clock.now())
