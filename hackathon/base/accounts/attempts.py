"""How often somebody may try to get into one account.

A whole school has one address, so nothing is counted per network alone. Counted are the attempts
for one account: in a browser that has signed in to it before (`devices`); otherwise from one
network, and from all networks together.
"""

from allauth.core.internal.ratelimit import RateLimitUsage, consume, get_ip
from django.http import HttpRequest

from hackathon.base.accounts import devices


def key(request: HttpRequest, email: str) -> str:
    """A network is an IPv4 address or the first 64 bits of an IPv6 address."""
    known = devices.key_of_known(request, email)
    return known or f"{_account(email)} {get_ip(request)}"


def count(request: HttpRequest, action: str, email: str) -> RateLimitUsage | None:
    """None if there were too many. Addresses without an account are counted too."""
    usage = _consume(request, action, key(request, email))
    if usage is None or devices.key_of_known(request, email):
        return usage
    everywhere = _consume(request, f"{action}_everywhere", _account(email))
    return everywhere and RateLimitUsage(usage=usage.usage + everywhere.usage)


def is_time_for_mail(request: HttpRequest, email: str) -> bool:
    """Whether an entry code may be mailed (`services.mail_entry_code`)."""
    return _consume(request, "mail_entry_code", _account(email)) is not None


def _account(email: str) -> str:
    return email.strip().lower()


def _consume(request: HttpRequest, action: str, key: str) -> RateLimitUsage | None:
    usage: RateLimitUsage | None = consume(request, app="allauth.account", action=action, key=key)
    return usage
