"""When people's data go. Months are those of the calendar, in the zone of the edition."""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import Refusal, RefusalCode, refuse
from hackathon.base.core.formats import date_text
from hackathon.base.core.personal_data import EDITION_MONTHS, LATEST_MONTHS
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Edition
from hackathon.event.people.errors import PeopleRefusal
from hackathon.run.privacy.errors import PrivacyRefusal

ANSWER_MONTHS = 1  # RGPD, article 12.3
AFTER_RESULTS = timedelta(days=30)
# Retention of an account that belongs to no edition, and how long before a mail warns.
UNUSED, WARNING = timedelta(days=365), timedelta(days=30)
# Not an obstacle for organizers: erasing a captain makes another member captain.
RESOLVED_BY_ERASURE = (PeopleRefusal.CAPTAIN,)
ROLES: dict[RefusalCode, Any] = {
    PeopleRefusal.SOLE_ORGANIZER: _("Cette personne est la seule à organiser « {edition} »."),
    PeopleRefusal.JUROR: _(
        "Elle siège au jury « {department} », dont les résultats ne sont pas publiés."
    ),
    PeopleRefusal.SOLE_ADMINISTRATOR: _("Elle est la seule à administrer le site."),
}


def months_later(instant: datetime, months: int, zone: ZoneInfo) -> datetime:
    """At the same hour of the same day; of a shorter month: its last day."""
    local = instant.astimezone(zone)
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    day = min(local.day, monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day, fold=0)


def answer_due(asked_at: datetime, zone: ZoneInfo) -> datetime:
    return months_later(asked_at, ANSWER_MONTHS, zone)


def earliest_date(edition: Edition) -> datetime | None:
    """None while it is not over: its results are not published, and it is not archived."""
    if edition.results_published_at is not None:
        return edition.results_published_at + AFTER_RESULTS
    if edition.state == EditionState.ARCHIVED:
        return edition.deadline_at + AFTER_RESULTS
    return None


def usual_date(edition: Edition) -> datetime:
    return months_later(edition.deadline_at, EDITION_MONTHS, edition.zone)


def due_date(edition: Edition, chosen: datetime | None) -> datetime | None:
    """When it is anonymised. None: not yet known, because it is not over."""
    earliest = earliest_date(edition)
    return earliest and max(chosen or usual_date(edition), earliest)


def date_refusal(edition: Edition, due_at: datetime, *, done: bool) -> Refusal | None:
    if done:
        return refuse(PrivacyRefusal.DONE)
    earliest = earliest_date(edition)
    if earliest is None:
        return refuse(PrivacyRefusal.RUNNING)
    if due_at < earliest:
        return refuse(PrivacyRefusal.TOO_EARLY, day=_day(earliest, edition))
    latest = max(months_later(edition.deadline_at, LATEST_MONTHS, edition.zone), earliest)
    if due_at > latest:
        return refuse(PrivacyRefusal.TOO_LATE, day=_day(latest, edition))
    return None


def run_refusal(
    edition: Edition, *, chosen: datetime | None, done: bool, at: datetime
) -> Refusal | None:
    due = due_date(edition, chosen)
    if done or due is None:
        return refuse(PrivacyRefusal.DONE if done else PrivacyRefusal.RUNNING)
    return refuse(PrivacyRefusal.TOO_EARLY, day=_day(due, edition)) if at < due else None


def request_refusal(*, is_open: bool) -> Refusal | None:
    return None if is_open else refuse(PrivacyRefusal.SETTLED)


def answer_refusal(answer: str) -> Refusal | None:
    return None if answer.strip() else refuse(PrivacyRefusal.NO_REASON)


def erasure_refusal(obstacles: list[Refusal], *, is_own: bool) -> Refusal | None:
    """`obstacles` of `people.selectors`: roles that somebody else has to take over first."""
    if is_own:
        return next(iter(obstacles), None)
    left = [obstacle for obstacle in obstacles if obstacle.code not in RESOLVED_BY_ERASURE]
    what = " ".join(str(ROLES[obstacle.code]).format(**obstacle.params) for obstacle in left)
    return refuse(PrivacyRefusal.HOLDS_ROLE, what=what) if left else None


def _day(instant: datetime, edition: Edition) -> str:
    return date_text(instant, "j F Y", edition.zone)
