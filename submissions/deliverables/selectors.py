"""Reads of what is asked."""

from django.db.models import Count, QuerySet

from hackathon.core.errors import NotFound
from hackathon.editions.models import Department
from hackathon.editions.selectors import AnyUser, is_organizer
from submissions.models import Deliverable
from teams.models import Membership, Team


def get_deliverable_for(membership: Membership | None, pk: int) -> Deliverable:
    """A deliverable that this student's team is asked for. Raises `NotFound` for any other."""
    if membership is None:
        raise NotFound
    return get_deliverable_of(membership.team, pk)


def get_deliverable_of(team: Team, pk: int) -> Deliverable:
    """A deliverable that this team is asked for. Raises `NotFound` for any other."""
    deliverable = Deliverable.objects.filter(pk=pk, department=team.department_id).first()
    if deliverable is None:
        raise NotFound
    return deliverable


def get_organized_deliverable(user: AnyUser, pk: int) -> Deliverable:
    """A deliverable, for the organizers of its edition. Raises `NotFound` for others."""
    deliverable = Deliverable.objects.select_related("department__edition").filter(pk=pk).first()
    if deliverable is None or not is_organizer(user, deliverable.department.edition):
        raise NotFound
    return deliverable


def get_organized_team(user: AnyUser, pk: int) -> Team:
    """A team with its department and edition, for the organizers of that edition. Raises `NotFound`
    for others, its members included.
    """
    team = Team.objects.select_related("department", "edition").filter(pk=pk).first()
    if team is None or not is_organizer(user, team.edition):
        raise NotFound
    return team


def deliverables_of(department: Department) -> QuerySet[Deliverable]:
    """What a department asks for, in order, each with `team_count`, the teams that handed it in."""
    return Deliverable.objects.filter(department=department).annotate(
        team_count=Count("submissions__team", distinct=True)
    )
