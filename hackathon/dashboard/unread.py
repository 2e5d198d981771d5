"""What somebody has not read yet: per person, and for the public per device (a cookie)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from hackathon.accounts.selectors import person
from hackathon.dashboard import questions
from hackathon.dashboard.selectors import Roles, announcement_audiences
from hackathon.editions import selectors as editions
from hackathon.editions.models import Edition
from hackathon.editions.selectors import AnyUser
from hackathon.editions.services import announcements

COOKIE = "read_announcements"
KEPT = 60  # texts a device remembers; pages show fifty
KEPT_SECONDS = 30 * 24 * 3600
STAMP = re.compile(r"[a-z]\d{1,15}-\d{1,5}")


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
    who = questions.answerer_of(roles)
    waiting = editions.waiting_count(edition, who) if who.organizer or who.client_of else 0
    if roles.organizer:
        return Unread(questions=waiting)
    audiences = announcement_audiences(roles, edition)
    announced = set(editions.announcement_stamps(edition, audiences, at=at))
    answered = set(questions.stamps_for(roles, edition, at=at))
    texts = announced | answered
    read = editions.read_stamps(user, texts) if texts else set()
    return Unread(len(announced - read), waiting + len(answered - read))


def unread_on(request: HttpRequest, stamps: Iterable[str]) -> set[str]:
    """Which of these texts whoever asks has not read; one query, for a device none."""
    stamps = set(stamps)
    if request.user.is_authenticated:
        return stamps - editions.read_stamps(request.user, stamps) if stamps else stamps
    return stamps - set(_of_device(request))


def mark_read(request: HttpRequest, response: HttpResponse) -> None:
    """Note what the request says was read: for the person, or on the answer for the device."""
    stamps = [s for s in request.POST.getlist("stamp")[:KEPT] if STAMP.fullmatch(s)]
    if request.user.is_authenticated:
        announcements.mark_read(user=person(request), stamps=stamps)
        return
    kept = list(dict.fromkeys([*_of_device(request), *stamps]))[-KEPT:]
    response.set_cookie(
        COOKIE,
        "_".join(kept),
        max_age=KEPT_SECONDS,
        httponly=True,
        secure=request.is_secure(),
        samesite="Lax",
    )


def _of_device(request: HttpRequest) -> list[str]:
    return [s for s in request.COOKIES.get(COOKIE, "").split("_")[:KEPT] if STAMP.fullmatch(s)]
