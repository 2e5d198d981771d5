from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.day.site import rules
from hackathon.day.site.models import NAMES_OF_PEOPLE, LegalNotice
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import organizer_refusal
from hackathon.event.editions.selectors import may_create_editions


@transaction.atomic
def update_legal_notice(*, by: User, at: datetime, **fields: Any) -> LegalNotice:
    """Today is that of the active time zone. The journal gets no names of people."""
    check(organizer_refusal(is_organizer=may_create_editions(by)))
    notice, _made = LegalNotice.objects.select_for_update().get_or_create(pk=1)
    changed = [name for name, value in fields.items() if getattr(notice, name) != value]
    if not changed:
        return notice
    before = journal.state(notice, [name for name in changed if name not in NAMES_OF_PEOPLE])
    for name in changed:
        setattr(notice, name, fields[name])
    check(rules.audit_refusal(notice, today=timezone.localdate(at)))
    notice.save(update_fields=changed)
    shown = Edition.objects.current()
    journal.record(
        "legal_notice.updated",
        notice,
        by=by,
        at=at,
        edition=shown and shown.pk,
        changes=journal.changes(before, notice),
    )
    return notice
