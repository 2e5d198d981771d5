from collections import defaultdict

from django.db.models import Count, QuerySet

from hackathon.core.errors import NotFound
from hackathon.core.selectors import get_or_not_found
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import AnyUser, is_organizer
from submissions.models import Deliverable
from teams.models import Membership, Team


def get_deliverable_for(membership: Membership | None, pk: int) -> Deliverable:
    """Raises `NotFound` without a membership, and for other departments."""
    if membership is None:
        raise NotFound
    return get_deliverable_of(membership.team, pk)


def get_deliverable_of(team: Team, pk: int) -> Deliverable:
    """Raises `NotFound` for other departments."""
    return get_or_not_found(Deliverable.objects.all(), pk=pk, department=team.department_id)


def get_organized_deliverable(user: AnyUser, pk: int) -> Deliverable:
    """For the organizers of its edition. Raises `NotFound` for others."""
    deliverable = get_or_not_found(Deliverable.objects.select_related("department__edition"), pk=pk)
    if not is_organizer(user, deliverable.department.edition):
        raise NotFound
    return deliverable


def deliverables_of(department: Department) -> QuerySet[Deliverable]:
    """Each with `team_count`, the number of teams that handed it in."""
    return Deliverable.objects.filter(department=department).annotate(
        team_count=Count("submissions__team", distinct=True)
    )


def deliverables_by_department(edition: Edition) -> dict[int, list[Deliverable]]:
    """By primary key of the department; one query."""
    deliverables: dict[int, list[Deliverable]] = defaultdict(list)
    for deliverable in Deliverable.objects.filter(department__edition=edition):
        deliverables[deliverable.department_id].append(deliverable)
    return deliverables


def deck_of(department: Department) -> Deliverable | None:
    """What its teams show on the stage; one query."""
    return Deliverable.objects.filter(department=department, is_deck=True).first()


def find_deliverable(department: Department, pk: int | None) -> Deliverable | None:
    return Deliverable.objects.filter(department=department, pk=pk).first() if pk else None
