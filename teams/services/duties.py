from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.accounts.services import get_or_make_account
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.live import messages
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from teams import rules
from teams.enums import HelpKind
from teams.errors import TeamRefusal
from teams.models import Duty
from teams.selectors.teams import membership_of


@transaction.atomic
def give(
    *,
    edition: Edition,
    email: str,
    kind: HelpKind,
    department: Department | None,
    by: User,
    at: datetime,
) -> Duty:
    """Idempotent. Technical help is always for all departments. A missing account is made. Sends no
    mail.

    The right is checked first, so that nobody else can test addresses.
    """
    if not is_organizer(by, edition):
        raise Refused(refuse(TeamRefusal.NOT_ORGANIZER))
    if department is not None and department.edition_id != edition.pk:
        raise ValueError("The department belongs to another edition.")
    user = get_or_make_account(email)
    check(rules.duty_refusal(membership=membership_of(user, edition)))
    department = None if kind == HelpKind.TECHNICAL else department
    duty, is_new = Duty.objects.get_or_create(
        edition=edition, department=department, user=user, kind=kind
    )
    if is_new:
        code = department.code if department else None
        journal.record(
            "duty.given", duty, by=by, at=at, user=user.pk, kind=str(kind), department=code
        )
        messages.refresh_rights(user.pk)
    return duty


@transaction.atomic
def take_away(*, duty: Duty, by: User, at: datetime) -> None:
    if not is_organizer(by, duty.edition):
        raise Refused(refuse(TeamRefusal.NOT_ORGANIZER))
    journal.record("duty.taken_away", duty, by=by, at=at, user=duty.user_id, kind=duty.kind)
    messages.refresh_rights(duty.user_id)
    duty.delete()


def copy(*, source: Edition, to: Edition, departments: Mapping[int, Department]) -> None:
    """Those for a department that is not copied are left out. No mail is sent."""
    Duty.objects.bulk_create(
        Duty(edition=to, user_id=duty.user_id, kind=duty.kind, department=department)
        for duty in source.duties.all()
        if (department := departments.get(duty.department_id or 0)) or duty.department_id is None
    )
