from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url


class EndedSession:
    """Tells the sign-in page (`ended`) that the browser was signed in until now: its session has
    expired, or was closed by a new password, a new badge or a sign-out everywhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sign_in = f"{resolve_url(settings.LOGIN_URL)}?next="
        if (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            and response.get("Location", "").startswith(sign_in)
            and request.session.is_empty()
        ):
            response["Location"] += "&ended"
        return response
