from dataclasses import dataclass
from datetime import datetime

from hackathon.announcements.selectors import announcement_stamps, read_stamps
from hackathon.editions.models import Edition
from hackathon.editions.selectors import AnyUser
from hackathon.questions.selectors import answer_stamps, answerer_of, waiting_count
from hackathon.roles import Roles


@dataclass(frozen=True)
class Unread:
    announcements: int = 0
    questions: int = 0


def unread_of(user: AnyUser, roles: Roles, edition: Edition | None, *, at: datetime) -> Unread:
    """`questions`: unread answers, plus waiting questions for those who answer. Five queries."""
    if edition is None:
        return Unread()
    answerer = answerer_of(roles)
    waiting = waiting_count(edition, answerer) if answerer.answers_any else 0
    if roles.organizer:
        return Unread(questions=waiting)
    announced = set(announcement_stamps(roles, edition, at=at))
    answered = set(answer_stamps(roles, edition, at=at))
    stamps = announced | answered
    read = read_stamps(user, stamps) if stamps else set()
    return Unread(len(announced - read), waiting + len(answered - read))
