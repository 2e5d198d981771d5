"""Browsers that have signed in before. Failures in other browsers are not counted for them."""

import hashlib
import re
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from hackathon.base.core.cookies import cookie_name

PATH = "/compte/"
COOKIE = cookie_name("known-device", path=PATH)
COOKIE_SECONDS = 180 * 24 * 3600
ACCOUNTS_MAX = 8  # of one browser; the oldest is dropped first
SALT = "accounts.devices"

# In this order: each browser also has the names of those after it in what it sends.
BROWSERS = {
    r"Edg(e|A|iOS)?/": "Edge",
    r"OPR/": "Opera",
    r"SamsungBrowser/": "Samsung Internet",
    r"Firefox/|FxiOS/": "Firefox",
    r"Chrom(e|ium)/|CriOS/": "Chrome",
    r"Safari/": "Safari",
}
SYSTEMS = {
    r"iPhone": "iPhone",
    r"iPad": "iPad",
    r"Android": "Android",
    r"Windows": "Windows",
    r"Mac OS X": "macOS",
    r"CrOS": "ChromeOS",
    r"Linux": "Linux",
}


def key_of_known(request: HttpRequest, email: str) -> str:
    """Under which attempts of this browser are counted; empty if it has not signed in before."""
    account = _account(email)
    number = _known(request).get(account)
    return f"{account}:{number}" if number else ""


def remember(response: HttpResponseBase, request: HttpRequest, email: str) -> None:
    """The browser has just signed in. It gets a new number, so a new count."""
    numbers = _known(request)
    numbers.pop(_account(email), None)
    numbers[_account(email)] = secrets.token_urlsafe(12)
    newest = dict(list(numbers.items())[-ACCOUNTS_MAX:])
    response.set_cookie(
        COOKIE,
        signing.dumps(newest, salt=SALT),
        max_age=COOKIE_SECONDS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> dict[str, str]:
    """Numbers by account; the oldest first."""
    try:
        numbers: dict[str, str] = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_SECONDS
        )
    except signing.BadSignature:
        return {}
    return numbers


def _account(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:32]


def describe(user_agent: str) -> str:
    """« Firefox, Windows ». Empty if neither is known."""
    parts = (
        next((name for pattern, name in names.items() if re.search(pattern, user_agent)), "")
        for names in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, parts))
