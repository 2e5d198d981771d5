"""Live messages about an edition. Nothing in them is secret."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hackathon.base.core.formats import iso_utc
from hackathon.base.live import messages
from hackathon.base.live.audiences import EVERYONE, ORGANIZERS, department_audience
from hackathon.event.editions import rules, selectors
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.notices import DueNotice


def publish(
    edition: Edition,
    audiences: str | Iterable[str],
    kind: str,
    data: dict[str, Any],
    *,
    at: datetime,
) -> None:
    """Pages show the current edition only: messages about another one are not published."""
    if edition.is_current:
        messages.publish(audiences, kind, data, at=at)


def public_state(edition: Edition, at: datetime) -> dict[str, Any]:
    """The body of `GET /api/v1/edition/`; also in `edition.changed`. Two queries."""
    accepts_until = rules.accepts_until(edition)
    departments = list(edition.departments.values_list("code", "name"))
    return {
        "slug": edition.slug,
        "name": edition.name,
        "school": edition.school,
        "timezone": edition.timezone,
        "now": iso_utc(at),
        "phase": rules.shown_phase(edition, has_departments=bool(departments), at=at).value,
        "registration_opens_at": iso_utc(edition.registration_opens_at),
        "registration_closes_at": iso_utc(edition.registration_closes_at),
        "starts_at": iso_utc(edition.starts_at),
        "deadline_at": iso_utc(edition.deadline_at),
        "grace_seconds": edition.grace_seconds,
        "late_policy": str(edition.late_policy),
        "promise_minutes": edition.promise_minutes,
        "accepts_until": accepts_until and iso_utc(accepts_until),
        "judging_opens_at": iso_utc(edition.judging_opens_at),
        "milestones": [
            {"kind": moment.kind.value, "label": moment.label, "at": iso_utc(moment.at)}
            for moment in selectors.moments(edition)
        ],
        "departments": [{"code": code, "name": name} for code, name in departments],
    }


def edition_changed(edition: Edition, *, changed: Iterable[str], at: datetime) -> None:
    """`changed`: names of fields, or `departments` or `milestones`."""
    if edition.is_current:  # spares the queries of `public_state`
        data = {**public_state(edition, at), "changed": list(changed)}
        publish(edition, EVERYONE, "edition.changed", data, at=at)


def brief_changed(edition: Edition, code: str, *, is_public: bool, at: datetime) -> None:
    """A hint without contents. To organizers alone if the brief was and is secret."""
    audience = EVERYONE if is_public else ORGANIZERS
    publish(edition, audience, "brief.changed", {"department": code}, at=at)


def brief_appeared(brief: Brief, *, at: datetime) -> None:
    """Once for each instant, to those who work on it."""
    department = brief.department
    key = f"brief:{brief.pk}:{iso_utc(brief.published_at)}"
    audience = department_audience(department.pk)
    messages.publish_once(key, audience, "brief.changed", {"department": department.code}, at=at)


def milestone_reached(edition: Edition, due: DueNotice, *, at: datetime) -> bool:
    """Publish once for each instant. False if it was published before."""
    data = {
        "notice": due.notice.value,
        "seconds_left": int(due.lead.total_seconds()),
        "deadline_at": iso_utc(edition.deadline_at),
    }
    key = _notice_key(edition, due)
    return messages.publish_once(key, EVERYONE, "milestone.reached", data, at=at)


def milestone_was_reached(edition: Edition, due: DueNotice) -> bool:
    return messages.was_published(_notice_key(edition, due))


def _notice_key(edition: Edition, due: DueNotice) -> str:
    return f"notice:{edition.pk}:{due.notice.value}:{iso_utc(due.instant)}"
