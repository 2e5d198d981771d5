from collections import defaultdict
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.moves import Change, Move, key_of
from hackathon.event.editions.rules import day_and_time, is_running
from hackathon.event.editions.selectors import AnyUser, is_organizer
from submissions.deliverables.rules import moves_deadline
from submissions.models import Deliverable, Seal
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


def preview_deadline(
    department: Department,
    deliverable: Deliverable | None,
    due_at: datetime | None,
    *,
    at: datetime,
) -> Move | None:
    """`deliverable` None: a new one; `due_at` None: the deadline of the edition. None if it stays,
    or if the rules refuse it.
    """
    edition, former = department.edition, deliverable.due_at if deliverable else None
    if not moves_deadline(deliverable, due_at) or (due_at and due_at <= at):
        return None
    before, to = former or edition.deadline_at, due_at or edition.deadline_at
    follows = []
    if to > edition.judging_opens_at:
        when = day_and_time(edition.judging_opens_at, edition)
        text = _("Les jurys notent dès le {when} : ce livrable peut arriver après leurs notes.")
        follows.append(text.format(when=when))
    if former and Seal.objects.filter(edition=edition, due_at=former).exists():
        text = _("Le scellé fait pour {when} reste public, et dira que l’heure a été corrigée.")
        follows.append(text.format(when=day_and_time(former, edition)))
    if deliverable is None and not follows:
        return None
    return Move(
        edition=edition,
        at=at,
        changes=[Change(_("Heure limite de ce livrable"), before, to)],
        key=key_of(f"deliverable:{deliverable.pk if deliverable else ''}", before, to),
        is_forward=to < before and is_running(edition, at=at),
        is_past=to <= at < before,
        departments=(department,),
        follows=tuple(follows),
    )


def find_deliverable(department: Department, pk: int | None) -> Deliverable | None:
    return Deliverable.objects.filter(department=department, pk=pk).first() if pk else None
