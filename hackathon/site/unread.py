from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from hackathon.announcements.selectors import announcement_stamps, read_stamps
from hackathon.core.message_counts import Committed
from hackathon.editions.models import Edition
from hackathon.editions.selectors import AnyUser
from hackathon.questions.selectors import answer_stamps, answerer_of, waiting_count
from hackathon.roles import Roles, audiences_of

# Messages after which there may be something else to read.
NEWS = ("announcement.", "brief.", "edition.", "question.")
KEPT_SECONDS = 30  # until a whole half-minute: scheduled announcements and briefs appear at one
MAX_KEPT = 2_000

type Stamps = tuple[frozenset[str], frozenset[str]]

_kept: dict[Hashable, Stamps] = {}


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


def unread_of(
    user: AnyUser,
    roles: Roles,
    edition: Edition | None,
    committed: Committed | None = None,
    *,
    at: datetime,
) -> Unread:
    """`questions`: unread answers. Five queries. Two with `committed`, if this process knows what
    the same audiences may read.
    """
    if edition is None:
        return Unread()
    answerer = answerer_of(roles)
    waiting = waiting_count(edition, answerer) if answerer.answers_any else 0
    if roles.organizer:
        return Unread(questions=Count(waiting=waiting))
    announced, answered = _stamps(roles, edition, committed, at=at)
    stamps = announced | answered
    read = read_stamps(user, stamps) if stamps else set()
    return Unread(
        Count(tuple(sorted(announced - read))), Count(tuple(sorted(answered - read)), waiting)
    )


def _stamps(roles: Roles, edition: Edition, committed: Committed | None, *, at: datetime) -> Stamps:
    """Of announcements and of answers."""
    is_kept = committed is not None and settings.FRAGMENTS_CACHED
    known = committed.known_of(NEWS) if committed is not None else ()
    key = edition.pk, *audiences_of(roles), known, int(at.timestamp()) // KEPT_SECONDS
    if is_kept and key in _kept:
        return _kept[key]
    found = (
        frozenset(announcement_stamps(roles, edition, at=at)),
        frozenset(answer_stamps(roles, edition, at=at)),
    )
    if is_kept:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[key] = found
    return found
