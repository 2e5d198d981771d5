"""What pages of the core show of promises."""

import json

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.base.live.fragments import once
from hackathon.event.editions.models import Edition
from hackathon.extras.promises import selectors
from hackathon.extras.promises.models import PROMISES_MAX
from submissions.versions.viewers import PERIOD
from teams.own import own_membership


def offer(request: HttpRequest, edition: Edition) -> str:
    if own_membership(request) is None or not edition.promise_minutes:
        return ""
    return render_to_string("promises/_offer.html", {}, request)


def own(request: HttpRequest, edition: Edition) -> str:
    """What the page of the hand-in needs without a network, and promises that a member can void.
    Two queries.
    """
    membership = own_membership(request)
    if membership is None or not edition.promise_minutes:
        return ""
    context = {
        "addresses": json.dumps(selectors.own_addresses(membership)),
        "promises": selectors.own_open(membership.team),
        "max": PROMISES_MAX,
    }
    return render_to_string("promises/_own.html", context, request)


def rules(request: HttpRequest, edition: Edition) -> str:
    if not edition.promise_minutes:
        return ""
    context = {"edition": edition, "max": PROMISES_MAX}
    return render_to_string("promises/_rules.html", context, request)


def offline(request: HttpRequest, edition: Edition) -> str:
    """Teams whose promised bytes are awaited. No query until a message about what is shown."""
    shows = f"{PERIOD} submission deliverable team"
    lines, at = once(edition, "promises", selectors.promises_of, shows), clock.now()
    awaited = [line.promise for line in reversed(lines) if line.is_awaited(at=at)]
    teams = list({promise.team_id: promise.team for promise in awaited}.values())
    context = {"teams": teams, "edition": edition}
    return render_to_string("promises/_offline.html", context, request) if teams else ""
