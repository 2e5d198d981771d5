"""What pages of the core show of presence."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.base.live.fragments import once, with_later_states
from hackathon.event.editions.models import Edition
from hackathon.event.roles import roles_of_request
from hackathon.extras.presence import rules, selectors
from hackathon.extras.presence.rules import OPENS_BEFORE
from teams.models import Membership
from teams.own import own_membership

NOT_EARLY = timedelta(0)
SHOWS = "presence membership team"


def noting(request: HttpRequest, edition: Edition) -> str:
    """A link for those who note presence."""
    if not selectors.ticks(roles_of_request(request), edition):
        return ""
    return render_to_string("presence/_noting.html", {}, request)


def codes(request: HttpRequest, edition: Edition) -> str:
    return render_to_string("presence/_sheets.html", {"managed": edition}, request)


def control(request: HttpRequest, edition: Edition) -> str:
    """No query until a message about presence, teams or their members."""
    roll, at = once(edition, "presence", selectors.roll_of, SHOWS), clock.now()
    moment = rules.current_moment(roll.moments, at=at)
    waiting = roll.waiting_at(moment)
    context = {
        "roll": roll,
        "moment": moment,
        "here": len(roll.here_at(moment)),
        "waiting": waiting,
        "floors": selectors.in_rooms(waiting),
        "is_used": any(one.statuses for one in roll.people),
        "is_over": at >= roll.moments[-1].at,
        "instants": [
            instant for one in roll.moments for instant in (one.at - OPENS_BEFORE, one.at)
        ],
        "edition": edition,
    }
    return render_to_string("presence/_control.html", context, request)


def of_team(request: HttpRequest, edition: Edition) -> str:
    """The team is in the address. Empty while nothing is noted of it. Three queries."""
    assert request.resolver_match is not None
    team = request.resolver_match.kwargs["pk"]
    members = Membership.objects.filter(team=team, edition=edition).select_related("user")
    names = {member.user_id: member.user.display_name for member in members}
    moments = selectors.moments_of(edition)
    noted = selectors.statuses_of(moments, names)
    if not noted:
        return ""
    lines = [
        (
            moment,
            [(name, noted.get((moment.pk, user), rules.NOTHING)) for user, name in names.items()],
        )
        for moment in moments
        if any((moment.pk, user) in noted for user in names)
    ]
    context = {"lines": lines, "edition": edition}
    return render_to_string("presence/_of_team.html", context, request)


def own_presence(request: HttpRequest, edition: Edition) -> str:
    """What is noted of this person, and « Je suis là » while it may be said. Two queries for a
    member of a team, two more for others.
    """
    user = request.user.pk or 0
    if own_membership(request) is None and not selectors.listed_among(edition, [user]):
        return ""
    moments = selectors.moments_of(edition)
    noted = selectors.statuses_of(moments, [user])
    statuses = {moment: status for (moment, _user), status in noted.items()}
    lines = [(moment, statuses.get(moment.pk, rules.NOTHING)) for moment in moments]

    def state_at(at: datetime) -> str:
        current = rules.open_moment(moments, at=at)
        status = statuses.get(current.pk, rules.NOTHING) if current else rules.NOTHING
        context = {
            "lines": [(m, s) for m, s in lines if s.state != "undone" or m == current],
            "may_say": current is not None and status.state in ("undone", "left"),
            "moment": current,
        }
        return render_to_string("presence/_own.html", context, request)

    instants = [moment.at - OPENS_BEFORE for moment in moments]
    instants.append(moments[-1].at + rules.CLOSES_AFTER)
    return with_later_states(state_at, instants, at=clock.now())
