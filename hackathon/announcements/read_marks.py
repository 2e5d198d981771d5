"""What somebody has not read yet: per person, and for the public per device (a cookie)."""

import re
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse

from hackathon.accounts.selectors import person
from hackathon.announcements import selectors as announcements_selectors
from hackathon.announcements import services as services_announcements

COOKIE = "read_announcements"
KEPT = 60  # texts a device remembers; pages show fifty
KEPT_SECONDS = 30 * 24 * 3600
STAMP = re.compile(r"[a-z]\d{1,15}-\d{1,5}")


def unread_on(request: HttpRequest, stamps: Iterable[str]) -> set[str]:
    """Which of these texts whoever asks has not read; one query, for a device none."""
    stamps = set(stamps)
    if request.user.is_authenticated:
        return (
            stamps - announcements_selectors.read_stamps(request.user, stamps) if stamps else stamps
        )
    return stamps - set(_of_device(request))


def mark_read(request: HttpRequest, response: HttpResponse) -> None:
    """Note what the request says was read: for the person, or on the answer for the device."""
    stamps = [s for s in request.POST.getlist("stamp")[:KEPT] if STAMP.fullmatch(s)]
    if request.user.is_authenticated:
        services_announcements.mark_read(user=person(request), stamps=stamps)
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
