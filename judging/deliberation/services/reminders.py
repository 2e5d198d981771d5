from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import check
from hackathon.base.push.tasks import notify
from hackathon.event.editions.models import Department
from hackathon.event.editions.selectors import is_organizer
from judging import live, locks, tasks
from judging.deliberation import rules
from judging.deliberation.selectors.readings_left import late_jurors
from judging.jury.progress import sheets_left_of
from judging.jury.selectors import is_locked, is_president
from judging.models import Juror


@transaction.atomic
def remind(
    *, department: Department, juror_pk: int | None, list_url: str, by: User, at: datetime
) -> list[Juror]:
    """By a live message, on subscribed devices and by mail. None: every late juror but `by` and
    those on a pause. Returns who was reminded. Locks the jury: of two who ask at once, the second
    one finds the instant that the first one has written.
    """
    department = locks.jury(department.pk)
    presides = is_president(by, department)
    check(
        rules.reminder_refusal(
            department,
            may_remind=presides or is_organizer(by, department.edition),
            locked=is_locked(department),
            at=at,
        )
    )
    # Organizers must not learn from a reminder who has second readings: only leaders get them.
    late = late_jurors(department, seconds=presides)
    wanted = [
        juror
        for juror in late
        if juror.user_id != by.pk
        and (juror.pk == juror_pk or (juror_pk is None and (juror.paused_until or at) <= at))
    ]
    reminded = [juror for juror in wanted if rules.may_be_reminded(juror, at=at)]
    for juror in reminded:
        juror.reminded_at = at
        juror.save(update_fields=["reminded_at"])
        journal.record("juror.reminded", juror, by=by, at=at)
        live.juror_reminded(juror, at=at)
        enqueue(notify, "jury-reminder", juror.pk)
        enqueue(tasks.remind_juror, juror.pk, sheets_left_of(juror), list_url)
    return reminded
