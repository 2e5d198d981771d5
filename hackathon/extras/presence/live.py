"""Hints without names: pages that may show more fetch it."""

from collections.abc import Collection
from datetime import datetime

from hackathon.base.live.audiences import (
    DESK,
    EVERYONE,
    ORGANIZERS,
    helpers_audience,
    team_audience,
)
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Edition
from teams.models import Duty, Membership


def presence_ticked(
    edition: Edition, users: Collection[int], *, to_helpers: bool, at: datetime
) -> None:
    """To all who note presence, and to the teams of `users`. Two queries at most."""
    teams = Membership.objects.filter(edition=edition, user__in=users).order_by()
    audiences = [ORGANIZERS, DESK]
    audiences += [team_audience(pk) for pk in teams.values_list("team", flat=True).distinct()]
    if to_helpers:
        duties = Duty.objects.filter(edition=edition).values_list("kind", "department").distinct()
        audiences += [helpers_audience(kind, pk) for kind, pk in duties.order_by()]
    publish(edition, audiences, "presence.ticked", {}, at=at)


def presence_set_up(edition: Edition, *, at: datetime) -> None:
    """Moments, or who confirms."""
    publish(edition, EVERYONE, "presence.set_up", {}, at=at)
