"""Services raise `Refused`. No mark and no reason is in the journal."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.grades import rules
from hackathon.extras.grades.enums import GradeKind
from hackathon.extras.grades.models import OwnGrade
from teams.models import Membership

FIELDS = ("kind", "mark", "reason")


@transaction.atomic
def give(
    member: Membership, *, kind: str, mark: Decimal | None, reason: str, by: User, at: datetime
) -> OwnGrade:
    """In place of one that was given before. `mark` counts for `GradeKind.MARK` only."""
    edition = lock_for(by, member.edition_id)
    mark, reason = mark if kind == GradeKind.MARK else None, " ".join(reason.split())
    check(rules.own_grade_refusal(kind, mark, reason))
    values = {"kind": kind, "mark": mark, "reason": reason}
    stored = OwnGrade.objects.filter(edition=edition, user=member.user_id).first()
    if stored is not None and journal.state(stored, FIELDS) == values:
        return stored
    own, _created = OwnGrade.objects.update_or_create(
        edition=edition, user=member.user, defaults=values | {"set_by": by, "set_at": at}
    )
    journal.record("own_grade.given", own, by=by, at=at, team=member.team_id, user=member.user_id)
    return own


@transaction.atomic
def withdraw(own: OwnGrade, *, by: User, at: datetime) -> None:
    """The mark of the team counts again. Nothing if somebody else has done so meanwhile."""
    lock_for(by, own.edition_id)
    if OwnGrade.objects.filter(pk=own.pk).exists():
        journal.record("own_grade.withdrawn", own, by=by, at=at, user=own.user_id)
        own.delete()
