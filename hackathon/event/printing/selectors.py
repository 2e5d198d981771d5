"""Without access checks: the views make them."""

from django.db.models import Count, Prefetch, Q

from hackathon.event.editions.models import Department, Edition
from teams.models import Membership, Team


def teams_to_print(edition: Edition, department: Department | None) -> list[Team]:
    """By department and name, with `memberships`. Two queries."""
    members = Prefetch("memberships", Membership.objects.select_related("user"))
    teams = Team.objects.filter(edition=edition).select_related("department", "edition")
    if department is not None:
        teams = teams.filter(department=department)
    order = ("department__position", "department__name", "name")
    return list(teams.order_by(*order).prefetch_related(members))


def counts(edition: Edition) -> tuple[int, int]:
    """Of teams, and of teams without a room. One query."""
    teams = Team.objects.filter(edition=edition)
    counted = teams.aggregate(all=Count("pk"), without_room=Count("pk", filter=Q(room="")))
    return counted["all"], counted["without_room"]
