import hashlib

from django.http import HttpRequest

from hackathon.accounts import devices, services
from hackathon.accounts.models import User
from hackathon.core import clock

# In the session of a person who came with an account of their university: how it ends there.
UNIVERSITY = "university"

# In a session that only a badge or a PIN has opened, often on a tablet of the jury.
BADGE = "by_badge"


def ticket_digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest() if ticket else ""


def uid_of(issuer: str, sub: str) -> str:
    """A person of a provider. A digest, because both parts may be long."""
    return hashlib.sha256(f"{issuer}\n{sub}".encode()).hexdigest()


def oidc_session(issuer: str, session: str) -> str:
    """In place of the ticket of CAS. `session`: `sid`, or `sub` of a provider without it."""
    return hashlib.sha256(f"session\n{issuer}\n{session}".encode()).hexdigest()


def enlist(request: HttpRequest, user: User) -> None:
    """The session of the request, in the list of the person's sessions."""
    if not request.session.session_key:
        request.session.save()
    services.list_session(
        user,
        str(request.session.session_key),
        ticket=request.session.get(UNIVERSITY, {}).get("ticket", ""),
        device=devices.describe(request.META.get("HTTP_USER_AGENT", "")),
        at=clock.now(),
    )
