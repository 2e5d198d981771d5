from dataclasses import dataclass
from datetime import datetime

from hackathon.announcements.selectors import announcement_stamps, read_stamps
from hackathon.editions.models import Edition
from hackathon.editions.selectors import AnyUser
from hackathon.questions.selectors import answer_stamps, answerer_of, waiting_count
from hackathon.roles import Roles


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


def unread_of(user: AnyUser, roles: Roles, edition: Edition | None, *, at: datetime) -> Unread:
    """`questions`: unread answers. Five queries."""
    if edition is None:
        return Unread()
    answerer = answerer_of(roles)
    waiting = waiting_count(edition, answerer) if answerer.answers_any else 0
    if roles.organizer:
        return Unread(questions=Count(waiting=waiting))
    announced = set(announcement_stamps(roles, edition, at=at))
    answered = set(answer_stamps(roles, edition, at=at))
    stamps = announced | answered
    read = read_stamps(user, stamps) if stamps else set()
    return Unread(
        Count(tuple(sorted(announced - read))), Count(tuple(sorted(answered - read)), waiting)
    )
