import hashlib

from django.http import HttpRequest

from hackathon.accounts import devices, services
from hackathon.accounts.models import User
from hackathon.core import clock

# In the session of a person who came with an account of their university: how it ends there.
UNIVERSITY = "university"


def ticket_digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest() if ticket else ""


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
