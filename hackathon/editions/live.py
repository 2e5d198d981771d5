"""What pages are told about an edition. Nothing here is secret: everyone may hear it.

Pages show the current edition, so changes of another one are not told: a draft of next year must
not move tonight's clocks.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hackathon.core import live
from hackathon.editions import rules, selectors
from hackathon.editions.enums import Addressee, LatePolicy
from hackathon.editions.models import Announcement, BriefPackage, Department, Edition, Question
from hackathon.editions.notices import DueNotice


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
        "now": utc(at),
        "phase": rules.shown_phase(edition, has_departments=bool(departments), at=at).value,
        "registration_opens_at": utc(edition.registration_opens_at),
        "registration_closes_at": utc(edition.registration_closes_at),
        "starts_at": utc(edition.starts_at),
        "deadline_at": utc(edition.deadline_at),
        "grace_seconds": edition.grace_seconds,
        "late_policy": str(edition.late_policy),
        "accepts_until": utc(rules.grace_ends_at(edition)) if refuses else None,
        "judging_opens_at": utc(edition.judging_opens_at),
        "milestones": [
            {"kind": moment.kind.value, "label": moment.label, "at": utc(moment.at)}
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
        live.publish(live.department_audience(department.pk), "brief.unlocked", data, at=at)


def forget_unlocked(package: BriefPackage, *, at: datetime) -> None:
    """Who has not heard this key does not hear it any more."""
    live.forget("brief.unlocked", at=at, package=str(package.pk))


def tell_announced(announcement: Announcement, *, at: datetime) -> None:
    """`announcement.published` to its audience, and to the organizers, who hear all of them."""
    _tell_of(announcement, "announcement.published", _announced(announcement), at=at)


def tell_corrected(announcement: Announcement, *, at: datetime) -> None:
    """`announcement.corrected`, with all that it says now. Who has not heard of it yet hears of no
    earlier wording.
    """
    _forget_told(announcement, at=at)
    _tell_of(announcement, "announcement.corrected", _announced(announcement), at=at)


def tell_withdrawn(announcement: Announcement, *, at: datetime) -> None:
    """`announcement.withdrawn`; what was told before is not told again to whoever resumes."""
    _forget_told(announcement, at=at)
    _tell_of(announcement, "announcement.withdrawn", {"id": announcement.pk}, at=at)


def tell_pending_changed(announcement: Announcement, *, at: datetime) -> None:
    """A hint to the organizers' pages: what waits for its instant has changed."""
    if announcement.edition.is_current:
        live.publish(live.ORGANIZERS, "announcement.scheduled", {}, at=at)


def tell_screen(
    edition: Edition, department: Department | None, scene: str | None, *, at: datetime
) -> None:
    """`screen.switched`, to everyone: projectors sign in nowhere. A null `department` is all of
    them, a null `scene` that of all the others.
    """
    if edition.is_current:
        data = {"department": department and department.code, "scene": scene}
        live.publish(live.EVERYONE, "screen.switched", data, at=at)


def tell_question(question: Question, kind: str, *, at: datetime) -> None:
    """How far a question is: to the team that asked, and to who may answer it."""
    department = question.department
    if not department.edition.is_current:
        return
    audiences = [question.audience, live.ORGANIZERS]
    if question.to == Addressee.CLIENT:
        audiences.append(live.client_audience(department.pk))
    # Neither text nor team: the client does not know who asks.
    data = {"question": question.pk, "department": department.code, "state": question.state}
    live.publish(audiences, kind, data, at=at)


def tell_published(question: Question, audiences: Iterable[str], *, at: datetime) -> None:
    """`question.published`: a hint, without even a number. Everyone includes those who may not read
    it: people without an account, and all while the brief that it speaks of is not out.
    """
    department = question.department
    if department.edition.is_current:
        answering = [live.ORGANIZERS, live.client_audience(department.pk)]
        live.publish([*sorted(audiences), *answering], "question.published", {}, at=at)


def _announced(announcement: Announcement) -> dict[str, Any]:
    corrected_at = announcement.corrected_at
    return {
        "id": announcement.pk,
        "html": announcement.html,
        "label": announcement.audience_label,
        "audience": announcement.audience,
        "published_at": utc(announcement.published_at),
        "pinned": announcement.pinned,
        "corrected_at": None if corrected_at is None else utc(corrected_at),
        "stamp": announcement.stamp,
    }


def _tell_of(announcement: Announcement, kind: str, data: dict[str, Any], *, at: datetime) -> None:
    if not announcement.edition.is_current:
        return
    audiences = [announcement.audience]
    if announcement.audience != live.EVERYONE:
        audiences.append(live.ORGANIZERS)
    live.publish(audiences, kind, data, at=at)


def _forget_told(announcement: Announcement, *, at: datetime) -> None:
    for kind in ("announcement.published", "announcement.corrected"):
        live.forget(kind, at=at, id=announcement.pk)


def tell_notice(edition: Edition, due: DueNotice, *, at: datetime) -> bool:
    """`milestone.reached`, to everyone, once for each instant. Whether it was this call."""
    data = {
        "notice": due.notice.value,
        "seconds_left": int(due.lead.total_seconds()),
        "deadline_at": utc(edition.deadline_at),
    }
    key = _notice_key(edition, due)
    return live.publish_once(key, live.EVERYONE, "milestone.reached", data, at=at)


def was_noticed(edition: Edition, due: DueNotice) -> bool:
    """Whether this notice was given."""
    return live.was_published(_notice_key(edition, due))


def _notice_key(edition: Edition, due: DueNotice) -> str:
    return f"notice:{edition.pk}:{due.notice.value}:{utc(due.of)}"


def utc(instant: datetime) -> str:
    """ISO 8601 in UTC, ending in Z."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
