from django.http import HttpRequest

from hackathon.accounts import devices, services
from hackathon.accounts.models import User
from hackathon.core import clock


def enlist(request: HttpRequest, user: User) -> None:
    """The session of the request, in the list of the person's sessions."""
    if not request.session.session_key:
        request.session.save()
    services.list_session(
        user,
        str(request.session.session_key),
        device=devices.describe(request.META.get("HTTP_USER_AGENT", "")),
        at=clock.now(),
    )
