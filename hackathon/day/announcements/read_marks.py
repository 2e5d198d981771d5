"""A user's read texts are in the database, an anonymous visitor's in a cookie."""

import re
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hackathon.base.core.cookies import cookie_name
from hackathon.day.announcements import selectors
from hackathon.day.announcements.services import announcements

COOKIE = cookie_name("read_announcements")
COOKIE_SECONDS = 30 * 24 * 3600
STAMPS_AT_MOST = 60  # in a cookie and in a request; pages show fifty
STAMP = re.compile(r"[a-z][0-9]{1,15}-[0-9]{1,5}")


def unread_stamps(request: HttpRequest, stamps: Iterable[str]) -> set[str]:
    """One query for a user, none for an anonymous visitor."""
    stamps = set(stamps)
    if not stamps or not request.user.is_authenticated:
        return stamps - set(_cookie_stamps(request))
    return stamps - selectors.read_stamps(request.user, stamps)


def mark_read(request: HttpRequest, response: HttpResponse) -> None:
    stamps = [s for s in request.POST.getlist("stamp")[:STAMPS_AT_MOST] if STAMP.fullmatch(s)]
    if request.user.is_authenticated:
        announcements.mark_read(user=request.user, stamps=stamps)
        return
    newest = list(dict.fromkeys([*_cookie_stamps(request), *stamps]))[-STAMPS_AT_MOST:]
    response.set_cookie(
        COOKIE,
        "_".join(newest),
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _cookie_stamps(request: HttpRequest) -> list[str]:
    stamps = request.COOKIES.get(COOKIE, "").split("_")[:STAMPS_AT_MOST]
    return [stamp for stamp in stamps if STAMP.fullmatch(stamp)]
