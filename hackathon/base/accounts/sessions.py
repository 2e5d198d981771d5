import hashlib

from django.http import HttpRequest

from hackathon.base.accounts import devices, services
from hackathon.base.accounts.models import User
from hackathon.base.core import clock

# In the session of a person who came with an account of their university: how it ends there.
UNIVERSITY = "university"

# Session key: authenticated by a badge or a PIN only, often on a shared tablet.
BADGE = "by_badge"


def ticket_digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest() if ticket else ""


def uid_of(issuer: str, sub: str) -> str:
    """Account id at a provider: a digest of issuer and subject, which may be long."""
    return hashlib.sha256(f"{issuer}\n{sub}".encode()).hexdigest()


def oidc_session(issuer: str, session: str) -> str:
    """Value of `SignIn.ticket` for OpenID Connect. `session`: the `sid`, else the `sub`."""
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
