"""What pages are told about an edition. Nothing here is secret: everyone may hear it.

Pages show the current edition, so changes of another one are not told: a draft of next year must
not move tonight's clocks.
"""

from datetime import datetime
from typing import Any

from hackathon.core import live
from hackathon.core.formats import iso_utc
from hackathon.editions import rules, selectors
from hackathon.editions.enums import LatePolicy
from hackathon.editions.models import BriefPackage, Edition
from hackathon.editions.notices import DueNotice


def department_audience(department_pk: int) -> str:
    """The students and the jury of a department."""
    return f"department:{department_pk}"


def jury_audience(department_pk: int) -> str:
    """Here and not in judging, because submissions, which is below judging, publishes to it."""
    return f"jury:{department_pk}"


def public_state(edition: Edition, at: datetime) -> dict[str, Any]:
    """The body of `GET /api/v1/edition/`, and of `edition.changed`. Instants are ISO 8601 in UTC.

    `accepts_until` is null while late deposits are accepted. Two queries.
    """
    refuses = edition.late_policy == LatePolicy.REFUSE
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
        "accepts_until": iso_utc(rules.grace_ends_at(edition)) if refuses else None,
        "judging_opens_at": iso_utc(edition.judging_opens_at),
        "milestones": [
            {"kind": moment.kind.value, "label": moment.label, "at": iso_utc(moment.at)}
            for moment in selectors.moments(edition)
        ],
        "departments": [{"code": code, "name": name} for code, name in departments],
    }


def tell_changed(edition: Edition, *, at: datetime) -> None:
    """`edition.changed`, for every open page. Inside the transaction of the change."""
    if edition.is_current:
        live.publish(live.EVERYONE, "edition.changed", public_state(edition, at), at=at)


def tell_brief_changed(edition: Edition, code: str, *, at: datetime) -> None:
    """A hint that the brief of department `code` is to be read again. Never before it is public."""
    if edition.is_current:
        live.publish(live.EVERYONE, "brief.changed", {"department": code}, at=at)


def tell_unlocked(package: BriefPackage, *, at: datetime) -> None:
    """`brief.unlocked`: the key of a package, to those who may have fetched it. Never before its
    brief is public.
    """
    department = package.department
    if department.edition.is_current:
        data = {"department": department.code, "package": str(package.pk), "key": package.key}
        live.publish(department_audience(department.pk), "brief.unlocked", data, at=at)


def forget_unlocked(package: BriefPackage, *, at: datetime) -> None:
    """Who has not heard this key does not hear it any more."""
    live.delete("brief.unlocked", at=at, package=str(package.pk))


def tell_notice(edition: Edition, due: DueNotice, *, at: datetime) -> bool:
    """`milestone.reached`, to everyone, once for each instant. Whether it was this call."""
    data = {
        "notice": due.notice.value,
        "seconds_left": int(due.lead.total_seconds()),
        "deadline_at": iso_utc(edition.deadline_at),
    }
    key = _notice_key(edition, due)
    return live.publish_once(key, live.EVERYONE, "milestone.reached", data, at=at)


def was_noticed(edition: Edition, due: DueNotice) -> bool:
    """Whether this notice was given."""
    return live.was_published(_notice_key(edition, due))


def _notice_key(edition: Edition, due: DueNotice) -> str:
    return f"notice:{edition.pk}:{due.notice.value}:{iso_utc(due.of)}"
