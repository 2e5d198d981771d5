from datetime import timedelta

from django.conf import settings

from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.core.errors import Refusal, refuse

SESSION_LIFETIME = timedelta(seconds=settings.SESSION_COOKIE_AGE)


def is_admitted(email: str) -> bool:
    """Whether an unknown address may get an account."""
    domain = email.rpartition("@")[2].lower()
    return not settings.SIGNUP_DOMAINS or domain in settings.SIGNUP_DOMAINS


def domains_text() -> str:
    return ", ".join(f"@{domain}" for domain in settings.SIGNUP_DOMAINS)


def address_refusal(email: str, *, current: str) -> Refusal | None:
    """Why an account may not change its address to `email`. Says nothing of other accounts."""
    if email.lower() == current.lower():
        return refuse(AccountRefusal.SAME_ADDRESS)
    if not is_admitted(email):
        return refuse(AccountRefusal.DOMAIN, domains=domains_text())
    return None


def neutral_address(pk: int) -> str:
    """Of an erased account."""
    return f"supprime-{pk}@compte.invalid"
