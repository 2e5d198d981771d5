from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services import tables
from judging import live, locks
from judging.deliberation import rules
from judging.deliberation.selectors.hearings import passage_criteria_of
from judging.enums import HEARING
from judging.errors import JudgingRefusal
from judging.jury.selectors import is_recused, stage_of
from judging.models import Juror, Nomination, PassageCriterion, PassageMark
from teams.models import Team


@transaction.atomic
def mark(
    *, juror: Juror, team: Team, marks: Mapping[int, Decimal | None], by: User, at: datetime
) -> None:
    """`marks` by id of the criterion; None removes one. Waits for a lock of the jury, but not for
    other jurors.

    The journal has no team: it is a nominee, which organizers must not know yet.
    """
    seat = locks.seat(juror.pk, juror.department_id)
    if seat is None or seat.user_id != by.pk:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    nominated = Nomination.objects.filter(deliberation__department=seat.department_id, team=team)
    check(
        rules.passage_refusal(
            seat,
            team,
            marks,
            criteria=passage_criteria_of(seat.department),
            stage=stage_of(seat.department),
            nominated=nominated.exists(),
            recused=is_recused(seat, team.pk),
            at=at,
        )
    )
    own = PassageMark.objects.filter(juror=seat, team=team)
    now = dict(own.values_list("criterion", "value"))
    if all(now.get(pk) == value for pk, value in marks.items()):
        return
    for pk, value in marks.items():
        if value is None:
            own.filter(criterion=pk).delete()
        elif now.get(pk) != value:
            given = {"value": value, "marked_at": at}
            PassageMark.objects.update_or_create(
                juror=seat, team=team, criterion_id=pk, defaults=given
            )
    journal.record("passage.marked", seat.department, by=by, at=at)


def _save_row(change: tables.Change, *, by: User, at: datetime) -> None:
    check_criteria(change.department, by)
    stored = passage_criteria_of(change.department)
    criterion = next((each for each in stored if each.pk == change.row.pk), None)
    if change.row.values is None:
        if criterion is not None:
            criterion.delete()
    elif criterion is None:
        add_criterion(change.department, **change.row.values)
    else:
        for name, value in change.row.values_for(criterion).items():
            setattr(criterion, name, value)
        criterion.save()
    _record(change.department, by, at)


def _copy_to(source: Department, target: Department, *, by: User, at: datetime) -> tables.Copied:
    def add(original: PassageCriterion) -> None:
        add_criterion(target, name=original.name, guidance=original.guidance)

    check_criteria(target, by)
    originals, existing = passage_criteria_of(source), passage_criteria_of(target)
    copied = tables.copy_missing(target, originals, existing, add)
    _record(target, by, at)
    return copied


save_table = partial(tables.write, save=_save_row, copy=_copy_to)


@transaction.atomic
def copy(*, source: Edition, department_map: Mapping[int, Department]) -> None:
    """`department_map` is by the id of the source."""
    for criterion in PassageCriterion.objects.filter(department__in=department_map):
        target = department_map[criterion.department_id]
        add_criterion(target, name=criterion.name, guidance=criterion.guidance)


def add_criterion(department: Department, *, name: str, guidance: str = "") -> None:
    """The last one of its department. No check."""
    position = 1 + max((c.position for c in passage_criteria_of(department)), default=0)
    PassageCriterion.objects.create(
        department=department, name=name, guidance=guidance, position=position
    )


def check_criteria(department: Department, by: User) -> None:
    """Locks the jury: no mark comes in between."""
    locked = locks.jury(department.pk)
    begun = PassageMark.objects.filter(criterion__department=locked).exists()
    check(rules.passage_criteria_refusal(organizer=is_organizer(by, locked.edition), begun=begun))


def _record(department: Department, by: User, at: datetime) -> None:
    journal.record(f"{HEARING}.prepared", department, by=by, at=at)
    live.jury_changed(department, at=at)
