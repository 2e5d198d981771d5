from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.moves import Change, Move, key_of
from hackathon.event.editions.rules import day_and_time, is_running
from hackathon.event.editions.selectors import AnyUser, is_organizer
from hackathon.event.editions.services.tables import Change as TableChange
from hackathon.event.editions.services.tables import Copies
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


def preview_table(
    edition: Edition, changes: Sequence[TableChange], _copies: Copies | None, *, at: datetime
) -> Move | None:
    """A query for each changed row."""
    found = []
    for change in changes:
        deliverable = find_deliverable(change.department, change.row.pk)
        values = change.row.values_for(deliverable)
        if "due_at" not in values:
            continue
        move = preview_deadline(change.department, deliverable, values["due_at"], at=at)
        if move is not None:
            name = deliverable.name if deliverable else values["name"]
            label = f"{name} · {change.department.code}"
            found.append(replace(move, changes=[replace(move.changes[0], label=label)]))
    if not found:
        return None
    return Move(
        edition=edition,
        at=at,
        changes=[move.changes[0] for move in found],
        key=",".join(move.key for move in found),
        is_forward=any(move.is_forward for move in found),
        is_past=any(move.is_past for move in found),
        departments=tuple(dict.fromkeys(d for move in found for d in move.departments)),
        follows=tuple(dict.fromkeys(text for move in found for text in move.follows)),
    )


def find_deliverable(department: Department, pk: int | None) -> Deliverable | None:
    return Deliverable.objects.filter(department=department, pk=pk).first() if pk else None
