"""Hints without names and dishes: pages that may show more fetch it."""

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
from teams.models import Duty, Team


def meals_changed(edition: Edition, *, at: datetime) -> None:
    """What is offered, until when."""
    publish(edition, EVERYONE, "meals.changed", {}, at=at)


def meal_chosen(edition: Edition, team: Team | None, *, at: datetime) -> None:
    audiences = [ORGANIZERS, *([team_audience(team.pk)] if team else [])]
    publish(edition, audiences, "meal.chosen", {}, at=at)


def meal_served(edition: Edition, *, at: datetime) -> None:
    """To all who hand meals out. One query."""
    duties = Duty.objects.filter(edition=edition).values_list("kind", "department").distinct()
    helpers = [helpers_audience(kind, department) for kind, department in duties.order_by()]
    publish(edition, [ORGANIZERS, DESK, *helpers], "meal.served", {}, at=at)
