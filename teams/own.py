"""The membership of the user who makes a request, read once."""

from typing import Any

from hackathon.base.core import logs
from teams.models import Membership
from teams.selectors.teams import membership_of


def own_membership(request: Any) -> Membership | None:
    """In the edition that the site shows. One query for a request; not after a change in it."""
    if not hasattr(request, "membership"):
        request.membership = membership_of(request.user, getattr(request, "edition", None))
    membership: Membership | None = request.membership
    if membership is not None:
        logs.bind(team=membership.team_id)
    return membership
