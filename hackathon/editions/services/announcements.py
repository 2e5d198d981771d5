"""Announcements. Sent ones are neither changed nor withdrawn: people have read them."""

from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import check
from hackathon.editions import live, rules
from hackathon.editions.models import Announcement, Edition
from hackathon.editions.services.guard import lock_for


@transaction.atomic
def announce(
    *,
    edition: Edition,
    audience: str,
    audience_label: str,
    body: str,
    by: User,
    at: datetime,
) -> Announcement:
    """Tell `audience` (a name of `core.live`; the caller has resolved it within the edition)."""
    edition = lock_for(by, edition.pk)
    departments = edition.departments.values_list("pk", flat=True)
    check(rules.announcement_refusal(audience, body, department_pks=set(departments)))
    announcement = Announcement.objects.create(
        edition=edition,
        audience=audience,
        audience_label=audience_label,
        body=body.strip(),
        published_at=at,
        published_by=by,
    )
    journal.record("announcement.published", announcement, by=by, at=at, audience=audience)
    live.tell_announced(announcement, at=at)
    return announcement
