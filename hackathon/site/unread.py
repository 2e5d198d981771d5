"""What somebody has not read yet: per person, and for the public per device (a cookie)."""

from dataclasses import dataclass
from datetime import datetime

from hackathon.announcements import selectors as announcements_selectors
from hackathon.announcements.selectors import announcement_audiences
from hackathon.editions.models import Edition
from hackathon.editions.selectors import AnyUser
from hackathon.questions import selectors as questions_selectors
from hackathon.roles import Roles


@dataclass(frozen=True)
class Unread:
    """The figures beside the navigation's words."""

    announcements: int = 0
    questions: int = 0


def unread_of(roles: Roles, user: AnyUser, edition: Edition | None, *, at: datetime) -> Unread:
    """For who is signed in; five queries at most. Organizers wrote the announcements themselves;
    of questions they and the client count what waits for them.
    """
    if edition is None:
        return Unread()
    who = questions_selectors.answerer_of(roles)
    waiting = (
        questions_selectors.waiting_count(edition, who) if who.organizer or who.client_of else 0
    )
    if roles.organizer:
        return Unread(questions=waiting)
    audiences = announcement_audiences(roles, edition)
    announced = set(announcements_selectors.announcement_stamps(edition, audiences, at=at))
    answered = set(questions_selectors.stamps_for(roles, edition, at=at))
    texts = announced | answered
    read = announcements_selectors.read_stamps(user, texts) if texts else set()
    return Unread(len(announced - read), waiting + len(answered - read))
