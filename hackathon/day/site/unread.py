from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from hackathon.base.live.audiences import team_audience
from hackathon.base.live.message_counts import Committed
from hackathon.day.announcements.selectors import (
    announcement_stamps,
    read_stamps,
    teams_addressed,
)
from hackathon.day.questions.selectors import (
    answer_stamps,
    answerer_of,
    teams_that_ask,
    waiting_count,
)
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import AnyUser, brief_stamps
from hackathon.event.roles import Roles, audiences_of

# What there may be to read, and what decides on it.
NEWS = "announcement brief edition question"
KEPT_SECONDS = 30  # until a whole half-minute: scheduled announcements and briefs appear at one
MAX_KEPT = 2_000

type Stamps = tuple[frozenset[str], frozenset[str], frozenset[str]]

_kept: dict[Hashable, Any] = {}


@dataclass(frozen=True)
class Count:
    """Stamps of what a user has not read, and how many questions wait for somebody's answer."""

    unread: tuple[str, ...] = ()
    waiting: int = 0

    @property
    def total(self) -> int:
        return len(self.unread) + self.waiting


NONE = Count()


@dataclass(frozen=True)
class Unread:
    announcements: Count = NONE
    questions: Count = NONE
    briefs: Count = NONE


def unread_of(
    user: AnyUser,
    roles: Roles,
    edition: Edition | None,
    committed: Committed | None = None,
    *,
    at: datetime,
) -> Unread:
    """`questions`: unread answers. Six queries. Two with `committed`, if this process knows what
    the same audiences may read.
    """
    if edition is None:
        return Unread()
    answerer = answerer_of(roles)
    waiting = waiting_count(edition, answerer) if answerer.answers_any else 0
    if roles.organizer:
        return Unread(questions=Count(waiting=waiting))
    announced, answered, briefs = _stamps(roles, edition, committed, at=at)
    stamps = announced | answered | briefs
    read = read_stamps(user, stamps) if stamps else set()
    return Unread(
        Count(tuple(sorted(announced - read))),
        Count(tuple(sorted(answered - read)), waiting),
        Count(tuple(sorted(briefs - read))),
    )


def _stamps(roles: Roles, edition: Edition, committed: Committed | None, *, at: datetime) -> Stamps:
    """Of announcements, of answers and of the own brief."""

    def read() -> Stamps:
        membership = roles.membership
        own = brief_stamps(edition, membership.team.department_id, at=at) if membership else ()
        return (
            frozenset(announcement_stamps(roles, edition, at=at)),
            frozenset(answer_stamps(roles, edition, at=at)),
            frozenset(own),
        )

    if committed is None or not settings.FRAGMENTS_CACHED:
        return read()
    now = edition.pk, committed.version(NEWS), int(at.timestamp()) // KEPT_SECONDS
    audiences = audiences_of(roles)
    # Most teams may read what their department may: they share it.
    alone = _kept_for((*now, "alone"), lambda: teams_addressed(edition) | teams_that_ask(edition))
    if roles.membership is not None and roles.membership.team_id not in alone:
        audiences.remove(team_audience(roles.membership.team_id))
    return _kept_for((*now, *audiences), read)


def _kept_for[T](key: Hashable, read: Callable[[], T]) -> T:
    value: T | None = _kept.get(key)
    if value is None:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        value = _kept[key] = read()
    return value
